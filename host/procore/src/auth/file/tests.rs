//! The file that keeps a refresh token: written whole or not at all, for its owner only, and by one process at a time.

use super::*;

fn place() -> (tempfile::TempDir, TokenFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = TokenFile::at(folder.path().join("login"));
    (folder, file)
}

fn hold(file: &TokenFile) -> Box<dyn HeldToken> {
    file.try_hold().unwrap().expect("nobody else has hold of it")
}

fn token(file: &TokenFile) -> io::Result<Option<String>> {
    let token = hold(file).token()?;
    Ok(token.map(|token| token.expose_secret().to_owned()))
}

#[test]
fn a_token_takes_the_place_of_the_one_before() {
    let (folder, file) = place();
    assert_eq!(token(&file).unwrap(), None);
    for word in ["first", "second"] {
        hold(&file).replace(&word.into()).unwrap();
        assert_eq!(token(&file).unwrap().as_deref(), Some(word));
    }
    hold(&file).remove().unwrap();
    assert_eq!(token(&file).unwrap(), None);
    let left: Vec<_> = folder.path().read_dir().unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["login.lock"], "nothing half-written is left");
}

#[test]
fn who_has_hold_of_it_has_it_alone() {
    let (_folder, file) = place();
    let held = hold(&file);
    assert!(file.try_hold().unwrap().is_none());
    drop(held);
    hold(&file).replace(&"x".into()).unwrap();
    assert!(file.try_hold().unwrap().is_some(), "a token that was replaced is let go");
}

#[test]
fn what_is_no_token_is_not_taken_for_one() {
    let (_folder, file) = place();
    for text in [&b""[..], b"\n", b"two words", b"nul\0", b"\xff", &[b'x'; 20_000]] {
        hold(&file).replace(&"x".into()).unwrap();
        std::fs::write(&file.path, text).unwrap();
        let error = token(&file).unwrap_err().to_string();
        assert!(error.contains("login"), "{error}");
    }
}

#[test]
fn a_place_that_no_token_could_be_written_to_is_found_before_one_is_spent() {
    let file = TokenFile::at("/nowhere/at/all/login");
    let error = file.try_hold().err().unwrap().to_string();
    assert!(error.contains("/nowhere/at/all/login") && error.contains("can't be"), "{error}");
}

#[cfg(unix)]
#[test]
fn only_the_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let (folder, file) = place();
    hold(&file).replace(&"x".into()).unwrap();
    for entry in folder.path().read_dir().unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{entry:?}");
    }
    for mode in [0o640, 0o604, 0o666] {
        std::fs::set_permissions(&file.path, std::fs::Permissions::from_mode(mode)).unwrap();
        let error = token(&file).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}
