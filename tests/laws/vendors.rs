//! A test of each law for each vendor.

macro_rules! tests {
    ($model:ident $($file:ident: $($law:ident),*;)*) => {
        $(mod $file {
            $(#[test]
            fn $law() {
                type Model = user_patch::vendor::$model;
                let cases = crate::cases::cases::<Model>();
                crate::laws_hold::holds(cases, crate::laws::$file::$law::<Model>);
            })*
        })*
    };
}

mod fireworks {
    every_law!(tests! Fireworks);
}

mod trusted_twin {
    every_law!(tests! TrustedTwin);
}

mod elastic {
    every_law!(tests! Elastic);
}
