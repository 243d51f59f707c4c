//! One test for each database.

/// Makes each test of the file for each database.
macro_rules! on_each_database {
    ($($name:ident),* $(,)?) => {
        $(mod $name {
            use crate::support::Fixture;

            #[test]
            fn sqlite() {
                super::$name(&Fixture::on(Fixture::BACKENDS[0]));
            }

            #[test]
            fn postgres() {
                super::$name(&Fixture::on(Fixture::BACKENDS[1]));
            }

            #[test]
            fn mariadb() {
                super::$name(&Fixture::on(Fixture::BACKENDS[2]));
            }
        })*
    };
}
