//! One test for each database.

/// Makes each test of the file for each database: `name`, or `name: test` on Django's users' table.
macro_rules! on_each_database {
    ($($name:ident),* $(,)?) => {
        $(on_each_database!(@ $name, $name, Own);)*
    };
    ($($name:ident: $test:ident),* $(,)?) => {
        $(on_each_database!(@ $name, $test, Django);)*
    };
    (@ $name:ident, $test:ident, $table:ident) => {
        mod $name {
            use crate::support::{Fixture, table::Table};

            #[test]
            fn sqlite() {
                super::$test(&Fixture::with(Table::$table, Fixture::BACKENDS[0]));
            }

            #[test]
            fn postgres() {
                super::$test(&Fixture::with(Table::$table, Fixture::BACKENDS[1]));
            }

            #[test]
            fn mariadb() {
                super::$test(&Fixture::with(Table::$table, Fixture::BACKENDS[2]));
            }
        }
    };
}
