//! The home directory, as `homedir.HomeDir` of client-go finds it.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::environment::{Environment, default_file};

/// `HOME`, and nothing else.
pub(crate) fn on_unix(environment: &Environment) -> Option<PathBuf> {
    environment.get("HOME").map(Into::into)
}

/// The first of three candidates that has a kubeconfig, else one that can be written, else one that exists, else the
/// first.
pub(crate) fn on_windows(environment: &Environment) -> Option<PathBuf> {
    let home = on_unix(environment);
    let profile = environment.get("USERPROFILE").map(PathBuf::from);
    let drive = drive_path(environment).map(PathBuf::from);

    // The profile comes last where files are looked for and second where they may be written, for the sake of
    // programs that know only one of them.
    let with_file = [&home, &drive, &profile];
    let by_preference = [&home, &profile, &drive];
    let first = |candidates: [&Option<PathBuf>; 3], wanted: fn(&Path) -> bool| {
        let mut candidates = candidates.into_iter().flatten();
        candidates.find(|path| wanted(path)).cloned()
    };
    first(with_file, |path| default_file(path).exists())
        .or_else(|| first(by_preference, is_writable_folder))
        .or_else(|| first(by_preference, Path::exists))
        .or_else(|| first(by_preference, |_| true))
}

fn drive_path(environment: &Environment) -> Option<OsString> {
    let mut path = environment.get("HOMEDRIVE")?;
    path.push(environment.get("HOMEPATH")?);
    Some(path)
}

fn is_writable_folder(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_dir() && !found.permissions().readonly())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &[(&str, &Path)]) -> Environment {
        variables
            .iter()
            .fold(Environment::empty(), |environment, (name, value)| {
                environment.var(name, *value)
            })
    }

    #[test]
    fn unix_has_no_home_without_the_variable() {
        assert_eq!(on_unix(&Environment::empty()), None);
        assert_eq!(
            on_unix(&Environment::empty().var("HOME", "/root")),
            Some("/root".into())
        );
    }

    #[test]
    fn windows_prefers_the_folder_that_has_a_kubeconfig() {
        let (home, profile) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let both = environment(&[("HOME", home.path()), ("USERPROFILE", profile.path())]);
        assert_eq!(on_windows(&both).as_deref(), Some(home.path()));

        fs::create_dir(profile.path().join(".kube")).unwrap();
        fs::write(default_file(profile.path()), "").unwrap();
        assert_eq!(on_windows(&both).as_deref(), Some(profile.path()));
    }

    #[test]
    fn windows_prefers_the_profile_to_the_drive_unless_only_the_drive_exists() {
        let (drive, profile) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let known = environment(&[
            ("HOMEDRIVE", drive.path()),
            ("HOMEPATH", Path::new("/")),
            ("USERPROFILE", profile.path()),
        ]);
        assert_eq!(on_windows(&known).as_deref(), Some(profile.path()));

        profile.close().unwrap();
        assert_eq!(on_windows(&known).as_deref(), Some(drive.path()));
    }

    #[test]
    fn windows_settles_for_a_folder_that_does_not_exist() {
        let gone = environment(&[
            ("HOMEDRIVE", Path::new("/nowhere")),
            ("HOMEPATH", Path::new("/me")),
        ]);
        assert_eq!(on_windows(&gone), Some("/nowhere/me".into()));
        assert_eq!(on_windows(&Environment::empty()), None);
    }
}
