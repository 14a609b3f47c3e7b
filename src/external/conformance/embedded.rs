//! The files of cases, as they are kept in `tests/fixtures/`.

use crate::vendor::Vendor;

/// A file's name without its ending, and its text.
pub(super) type File = (&'static str, &'static str);

macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!("../../../tests/fixtures/", $folder, "/", $name, ".json")))),*]
    };
}

pub(super) const fn files(vendor: Vendor) -> &'static [File] {
    match vendor {
        Vendor::Fireworks => FIREWORKS,
        Vendor::TrustedTwin => TRUSTED_TWIN,
        Vendor::Elastic => ELASTIC,
    }
}

const FIREWORKS: &[File] = files!("fireworks":
    "body" "create" "depth" "display_name" "email" "mask" "null_and_empty" "path" "permission_preset" "policy" "read_only"
    "replies" "role" "service_account" "several_violations" "size" "spelling" "stored_users" "timestamps" "types"
    "unchanged" "unknown_members" "what_stands" "without_mask");

const TRUSTED_TWIN: &[File] = files!("trusted_twin":
    "body" "description" "description_keys" "name" "path" "policy" "read_only" "replies" "role" "several_violations" "size"
    "statement" "stored_users" "timestamps" "unchanged" "unknown_members" "values");

const ELASTIC: &[File] = files!("elastic":
    "body" "builtin" "codes" "defaults" "enabled" "external" "merge" "metadata" "null" "password" "password_misplaced"
    "policy" "replies" "required" "restricted" "restricted_nested" "restricted_repeated" "roles" "roles_combinations"
    "roles_forbidden" "roles_kept" "roles_reapplied" "several_violations" "stored_users" "string_body" "timestamps" "types"
    "unchanged" "unknown_members" "updated_by");

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    #[test]
    fn no_file_is_left_out() {
        for &vendor in Vendor::ALL {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(vendor.module());
            let kept = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
            let kept: BTreeSet<_> = kept.filter_map(|name| name.strip_suffix(".json").map(str::to_owned)).collect();
            let mut listed: BTreeSet<_> = files(vendor).iter().map(|(name, _)| (*name).to_owned()).collect();
            assert_eq!(listed.len(), files(vendor).len(), "{vendor}: a file twice");
            listed.insert("sentences".to_owned());
            assert_eq!(listed, kept, "{vendor}");
        }
    }
}
