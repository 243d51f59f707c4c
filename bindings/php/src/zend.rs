//! What PHP's C interface has and `ext-php-rs` does not: typed properties, attributes of parameters, and
//! the engine's own conversion of arguments.

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr,
    sync::OnceLock,
};

use ext_php_rs::{
    boxed::ZBox,
    ffi::{
        _ZEND_TYPE_NAME_BIT, _ZEND_TYPE_NULLABLE_BIT, HashTable, IS_UNDEF, object_properties_init,
        std_object_handlers, zend_array_dup, zend_function, zend_hash_str_find_ptr_lc,
        zend_object_handlers, zend_objects_new, zend_prop_purpose, zend_read_property,
        zend_std_get_properties, zend_string, zend_string_init_interned, zend_type,
    },
    flags::DataType,
    types::{ZendHashTable, ZendObject, Zval},
    zend::{ClassEntry, ZendType},
};

const ATTRIBUTE_PERSISTENT: u32 = 1;
pub const READONLY: u32 = 1 << 7;

#[expect(unsafe_code, reason = "PHP's C interface")]
unsafe extern "C" {
    static spl_ce_RuntimeException: *mut ClassEntry;
    static php_json_serializable_ce: *mut ClassEntry;

    fn php_date_get_immutable_ce() -> *mut ClassEntry;
    fn zend_add_attribute(
        attributes: *mut *mut HashTable,
        name: *mut zend_string,
        arguments: u32,
        flags: u32,
        offset: u32,
        line: u32,
    ) -> *mut c_void;
    fn zend_argument_type_error(position: u32, format: *const c_char, ...);
    fn zend_declare_typed_property(
        class: *mut ClassEntry,
        name: *mut zend_string,
        default: *mut Zval,
        access: c_int,
        doc: *mut zend_string,
        kind: zend_type,
    ) -> *mut c_void;
    fn zend_parse_arg_bool_slow(argument: *mut Zval, into: *mut bool, position: u32) -> bool;
    fn zend_parse_arg_long_slow(argument: *mut Zval, into: *mut i64, position: u32) -> bool;
    fn zend_parse_arg_str_slow(
        argument: *mut Zval,
        into: *mut *mut zend_string,
        position: u32,
    ) -> bool;
    fn zend_update_property(
        scope: *mut ClassEntry,
        object: *mut ZendObject,
        name: *const c_char,
        length: usize,
        value: *mut Zval,
    );
    fn zend_zval_type_name(value: *const Zval) -> *const c_char;
}

/// A class of PHP's own that ours stand on.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn runtime_exception() -> &'static ClassEntry {
    // SAFETY: PHP registers it before it starts any extension, and never frees it while one runs.
    unsafe { &*spl_ce_RuntimeException }
}

/// See [`runtime_exception`].
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn json_serializable() -> &'static ClassEntry {
    // SAFETY: as above; PHP is never built without json.
    unsafe { &*php_json_serializable_ce }
}

/// See [`runtime_exception`].
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn date_time_immutable() -> &'static ClassEntry {
    // SAFETY: as above; PHP is never built without date.
    unsafe { &*php_date_get_immutable_ce() }
}

/// Declares a property. A default must be a scalar, an interned text or the empty array.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn declare_property(
    class: &mut ClassEntry,
    name: &str,
    kind: Option<(DataType, bool)>,
    mut default: Zval,
    access: u32,
) {
    let mask = |nullable| if nullable { _ZEND_TYPE_NULLABLE_BIT } else { 0 };
    let kind = match kind {
        None => ZendType::empty(false, false),
        Some((data, nullable)) => match data.class_name() {
            Some(of) => zend_type {
                ptr: interned(of).cast(),
                type_mask: _ZEND_TYPE_NAME_BIT | mask(nullable),
            },
            None => ZendType::empty_from_type(data, false, false, nullable)
                .unwrap_or_else(|| ZendType::empty(false, false)),
        },
    };
    // SAFETY: called while the extension starts; the class is registered, the name and the type's name
    // are interned for the life of the process, and PHP copies the default.
    unsafe {
        zend_declare_typed_property(
            class,
            interned(name),
            &raw mut default,
            c_int::try_from(access).unwrap_or_default(),
            ptr::null_mut(),
            kind,
        );
    }
}

/// No value yet, which is what a readonly property begins with.
pub const fn unset() -> Zval {
    let mut unset = Zval::new();
    unset.u1.type_info = IS_UNDEF;
    unset
}

/// Keeps secrets out of everything that shows an object's properties all at once: `var_dump`,
/// `var_export`, `print_r`, casts to array. Each is still there to be read by its name.
pub fn redact(class: &mut ClassEntry) {
    class.__bindgen_anon_2.create_object = Some(new_redacted);
}

#[expect(unsafe_code, reason = "PHP's C interface")]
unsafe extern "C" fn new_redacted(class: *mut ClassEntry) -> *mut ZendObject {
    static HANDLERS: OnceLock<Handlers> = OnceLock::new();
    // SAFETY: PHP calls this with a class that is registered, and takes over the object. The standard
    // handlers are a constant of PHP's.
    unsafe {
        let handlers = HANDLERS.get_or_init(|| {
            let mut handlers = std_object_handlers;
            handlers.get_properties_for = Some(shown_properties_for);
            // PHP would give a copy the standard handlers.
            handlers.clone_obj = None;
            Handlers(handlers)
        });
        let object = zend_objects_new(class);
        object_properties_init(object, class);
        (*object).handlers = &raw const handlers.0;
        object
    }
}

struct Handlers(zend_object_handlers);

#[expect(unsafe_code, reason = "PHP's C interface")]
// SAFETY: nothing but addresses of functions, never written again.
unsafe impl Send for Handlers {}
#[expect(unsafe_code, reason = "PHP's C interface")]
// SAFETY: as above.
unsafe impl Sync for Handlers {}

#[expect(unsafe_code, reason = "PHP's C interface")]
unsafe extern "C" fn shown_properties_for(
    object: *mut ZendObject,
    _purpose: zend_prop_purpose,
) -> *mut HashTable {
    // SAFETY: PHP calls this with a living object, and releases the table.
    unsafe { object.as_mut() }.map_or(ptr::null_mut(), |object| {
        shown_properties(object).into_raw()
    })
}

/// The properties of an object, without its secrets.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn shown_properties(object: &mut ZendObject) -> ZBox<ZendHashTable> {
    // SAFETY: the object is alive; the copy is a table of its own.
    let mut shown = unsafe { ZBox::from_raw(zend_array_dup(zend_std_get_properties(object))) };
    for secret in ["passwordResetToken", "passwordResetUrl"] {
        if shown.get(secret).is_some() {
            // It fails only where memory does, and PHP ends the request then.
            let _ = shown.insert(secret, "[redacted]");
        }
    }
    shown
}

/// Marks a parameter with `#[\SensitiveParameter]`, so that no stack trace shows it.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn hide_parameter(class: &mut ClassEntry, method: &str, position: u32) {
    // SAFETY: called while the extension starts; the class's function table is valid, and a function
    // that it holds lives as long as the class. PHP copies nothing but the interned name.
    unsafe {
        let table = &raw const class.function_table;
        let function: *mut zend_function =
            zend_hash_str_find_ptr_lc(table, method.as_ptr().cast(), method.len()).cast();
        if !function.is_null() {
            zend_add_attribute(
                &raw mut (*function).common.attributes,
                interned("SensitiveParameter"),
                0,
                ATTRIBUTE_PERSISTENT,
                position + 1,
                0,
            );
        }
    }
}

/// Sets a property from within its class, which is how a readonly one gets its value.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn set_property(object: &mut ZendObject, name: &str, mut value: Zval) {
    // SAFETY: object and class are alive; PHP copies the name and takes a reference of its own.
    unsafe {
        zend_update_property(
            object.ce,
            object,
            name.as_ptr().cast(),
            name.len(),
            &raw mut value,
        );
    }
}

/// The value of a property, read from within its class.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn property(object: &mut ZendObject, name: &str) -> Zval {
    let mut room = Zval::new();
    // SAFETY: object and class are alive; what is answered is the property or the room for it.
    let value = unsafe {
        zend_read_property(
            object.ce,
            object,
            name.as_ptr().cast(),
            name.len(),
            true,
            &raw mut room,
        )
        .as_ref()
    };
    value.map_or_else(Zval::null, Zval::shallow_clone)
}

/// An interned text that lives as long as the process.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn interned(text: &str) -> *mut zend_string {
    // SAFETY: PHP sets the function pointer before it starts any extension, and copies the text.
    unsafe {
        zend_string_init_interned.map_or(ptr::null_mut(), |intern| {
            intern(text.as_ptr().cast(), text.len(), true)
        })
    }
}

/// Makes a text of an argument that is none, as PHP does for functions of its own: not at all under
/// `strict_types`. The text takes the argument's place in the frame of the call.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn make_text(argument: &mut Zval, position: u32) -> bool {
    let mut converted = ptr::null_mut();
    // SAFETY: the argument is in the frame of the call under way.
    unsafe { zend_parse_arg_str_slow(argument, &raw mut converted, position) }
}

/// See [`make_text`].
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn whole_number_argument(argument: &mut Zval, position: u32) -> Option<i64> {
    let mut number = 0;
    argument.long().or_else(|| {
        // SAFETY: the argument is in the frame of the call under way.
        unsafe { zend_parse_arg_long_slow(argument, &raw mut number, position) }.then_some(number)
    })
}

/// See [`make_text`].
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn boolean_argument(argument: &mut Zval, position: u32) -> Option<bool> {
    let mut yes = false;
    argument.bool().or_else(|| {
        // SAFETY: the argument is in the frame of the call under way.
        unsafe { zend_parse_arg_bool_slow(argument, &raw mut yes, position) }.then_some(yes)
    })
}

/// Throws PHP's `TypeError` about an argument, unless an exception is already on its way.
#[expect(unsafe_code, reason = "PHP's C interface")]
pub fn throw_type_error(position: u32, wanted: &CStr, given: &Zval) {
    if !ext_php_rs::zend::ExecutorGlobals::has_exception() {
        // SAFETY: both texts end with a NUL and are those that the format names; PHP copies them.
        unsafe {
            zend_argument_type_error(
                position,
                c"must be %s, %s given".as_ptr(),
                wanted.as_ptr(),
                zend_zval_type_name(given),
            );
        }
    }
}
