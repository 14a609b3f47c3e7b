//! How a vendor's catalogue of rules is written: one entry a rule.

/// Makes of one list of entries all that a vendor's module says of its rules: the enum of what can refuse, its members'
/// documentation, their rules and codes, the rules that decide, and the catalogue.
///
/// An entry of the first list is `Variant = "id", "what it says", code, basis, page;`, one of the second
/// `NAME = "id", "what it says", basis, page;`.
macro_rules! rules {
    (
        refuse with $code:ty {
            $($variant:ident = $id:literal, $says:literal, $answer:expr, $basis:expr, $page:expr;)*
        }
        decide {
            $($name:ident = $decision_id:literal, $decision:literal, $decision_basis:expr, $decision_page:expr;)*
        }
        of body |$fault:ident| $of_body:expr
    ) => {
        /// Why an update can be refused: one variant a rule. [`rules`] has what each says and rests on.
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(rustdoc::broken_intra_doc_links)] // The brackets of a pattern are no link.
        pub enum Refusal {
            $(#[doc = concat!("`", $id, "`: ", $says, ".")] $variant,)*
        }

        impl Refusal {
            /// The code that the vendor answers with.
            pub const fn code(self) -> $code {
                match self {
                    $(Self::$variant => $answer,)*
                }
            }

            /// The HTTP status that the vendor answers with.
            pub fn status(self) -> u16 {
                $crate::report::ErrorCode::status(self.code())
            }
        }

        impl $crate::report::Refuses for Refusal {
            const ALL: &'static [Self] = &[$(Self::$variant),*];
            type Code = $code;

            fn code(self) -> $code {
                self.code()
            }

            fn rule(self) -> &'static $crate::report::Rule {
                match self {
                    $(Self::$variant => &const {
                        $crate::report::Rule {
                            id: $id,
                            says: $says,
                            effect: $crate::report::Effect::Refuses,
                            basis: $basis,
                            page: $page,
                        }
                    },)*
                }
            }

            fn of_body($fault: $crate::engine::Fault) -> Self {
                $of_body
            }
        }

        $(
            pub(super) const $name: &$crate::report::Rule = &$crate::report::Rule {
                id: $decision_id,
                says: $decision,
                effect: $crate::report::Effect::Decides,
                basis: $decision_basis,
                page: $decision_page,
            };
        )*

        /// Every rule: first those that refuse, then those that decide what an accepted update does.
        pub fn rules() -> impl Iterator<Item = &'static $crate::report::Rule> {
            let decisions: &[&$crate::report::Rule] = &[$($name),*];
            <Refusal as $crate::report::Refuses>::ALL
                .iter()
                .map(|&refusal| $crate::report::Refuses::rule(refusal))
                .chain(decisions.iter().copied())
        }
    };
}
pub(crate) use rules;
