//! Names as Go and Java write them.

use reset_password_api::names::capitalised;

/// `user_id` as `UserID`: Go writes initials in capitals.
pub fn go(name: &str) -> String {
    let word = |word| match word {
        "id" => "ID".to_owned(),
        "kib" => "KiB".to_owned(),
        "url" => "URL".to_owned(),
        word => capitalised(word),
    };
    name.split('_').map(word).collect()
}

/// `UserList` as `userList`.
pub fn small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_each_language_writes_them() {
        assert_eq!(go("get_user_by_external_id"), "GetUserByExternalID");
        assert_eq!(go("profile_picture_url"), "ProfilePictureURL");
    }
}
