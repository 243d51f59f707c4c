//! The PHP extension: the classes of the namespace `ResetPassword`.

mod arguments;
mod call;
mod classes;
mod engines;
mod exceptions;
mod files;
mod handle;
mod methods;
mod results;
mod signals;
mod user_management;
mod zend;

use ext_php_rs::{
    builders::ModuleBuilder,
    ffi::{php_info_print_table_end, php_info_print_table_row, php_info_print_table_start},
    internal::startup_guard,
    zend::{ModuleEntry, StaticModuleEntry},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What PHP asks an extension for when it loads it.
#[expect(unsafe_code, reason = "the one symbol that PHP looks for")]
#[unsafe(no_mangle)]
pub extern "C" fn get_module() -> *mut ModuleEntry {
    static MODULE: StaticModuleEntry = StaticModuleEntry::new();
    MODULE.get_or_init(|| {
        let built = ModuleBuilder::new("reset_password", VERSION)
            .startup_function(start)
            .info_function(info)
            .try_into();
        match built {
            Ok((entry, _startup, owned)) => (entry, owned),
            // Name and version hold no NUL, and there are no functions whose names could clash.
            Err(_) => std::process::abort(),
        }
    })
}

#[expect(unsafe_code, reason = "PHP calls it")]
unsafe extern "C" fn start(_kind: i32, _module: i32) -> i32 {
    startup_guard(|| {
        exceptions::register()?;
        results::register()?;
        user_management::register()
    })
}

/// The extension's part of `phpinfo()`.
#[expect(unsafe_code, reason = "PHP's C interface")]
unsafe extern "C" fn info(_module: *mut ModuleEntry) {
    let rows = [
        ("reset_password support", "enabled".to_owned()),
        ("Version", VERSION.to_owned()),
        (
            "Engine",
            format!("reset-password {VERSION} (Argon2id; SQLite, PostgreSQL, MySQL)"),
        ),
        ("Engines kept in this process", engines::count().to_string()),
    ];
    // SAFETY: PHP calls this while it prints; the texts end with a NUL and outlive each call.
    unsafe {
        php_info_print_table_start();
        for (name, value) in rows {
            let row = format!("{name}\0{value}\0");
            php_info_print_table_row(2, row.as_ptr(), row.as_ptr().add(name.len() + 1));
        }
        php_info_print_table_end();
    }
}
