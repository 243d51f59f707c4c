//! The results: readonly objects, made from the engine's values.

use std::panic::AssertUnwindSafe;

use ext_php_rs::{
    builders::{ClassBuilder, FunctionBuilder},
    convert::IntoZval,
    error::Result,
    flags::{ClassFlags, DataType, MethodFlags, PropertyFlags},
    types::{ZendHashTable, ZendObject, Zval},
    zend::{ExecuteData, run_handler},
};
use reset_password_bindings::{
    ExposeSecret, Record, Value,
    api::{Content, Field, RECORDS, names::camel},
};

use crate::{
    classes::{BOOL, Class, LIST, TEXT, Type, WHOLE, class, getter, required},
    zend,
};

/// The type of a field.
fn type_of(field: &Field) -> Type {
    let data = match field.content {
        Content::Anything | Content::Pairs | Content::Records(_) => LIST,
        Content::Flag => BOOL,
        Content::Moment => DataType::object("DateTimeImmutable"),
        Content::Number => WHOLE,
        Content::Record(name) => class(name),
        Content::Secret | Content::Text => TEXT,
    };
    Type {
        data,
        nullable: field.is_nullable,
    }
}

/// Registers all of them.
pub fn register() -> Result<()> {
    for (number, record) in RECORDS.iter().enumerate() {
        let is_secret = |field: &Field| field.content == Content::Secret;
        let fields: Vec<_> = record
            .fields
            .iter()
            .map(|field| (field.name, type_of(field)))
            .collect();
        let secret = record.fields.iter().any(is_secret);
        register_one(Class::Result(number), record.name, &fields, secret)?;
    }
    let user = [("user", required(class("User")))];
    register_one(Class::Response, "ResetPasswordResponse", &user, false)
}

fn register_one(class: Class, name: &str, fields: &[(&str, Type)], secret: bool) -> Result<()> {
    let mut flags = ClassFlags::Final | ClassFlags::ReadonlyClass | ClassFlags::NoDynamicProperties;
    if secret {
        flags |= ClassFlags::NotSerializable;
    }
    let (to_json, public) = getter("jsonSerialize", required(LIST), json_serialize);
    let builder = ClassBuilder::new(format!("ResetPassword\\{name}"))
        .flags(flags)
        .implements((zend::json_serializable, "\\JsonSerializable"))
        .method(
            FunctionBuilder::new("__construct", refuse_to_construct),
            MethodFlags::Private,
        )
        .method(to_json, public);
    class.register(builder, |class| {
        for (name, kind) in fields {
            let kind = Some((kind.data, kind.nullable));
            let access = PropertyFlags::Public.bits() | zend::READONLY;
            zend::declare_property(class, &camel(name), kind, zend::unset(), access);
        }
        if secret {
            zend::redact(class);
        }
    })
}

/// Private, so PHP lets nobody call it.
extern "C" fn refuse_to_construct(_: &mut ExecuteData, _: &mut Zval) {}

/// What `json_encode` shows: the fields, moments as texts, and no secret.
extern "C" fn json_serialize(call: &mut ExecuteData, answer: &mut Zval) {
    run_handler(AssertUnwindSafe(|| {
        let Some(this) = call.get_self() else { return };
        if let Ok(fields) = json_fields(&zend::shown_properties(this)) {
            *answer = fields;
        }
    }));
}

fn json_fields(shown: &ZendHashTable) -> Result<Zval> {
    let mut fields = ZendHashTable::new();
    for (name, value) in shown {
        let value = match value.array() {
            // What is empty has no keys to tell that it is a map.
            Some(pairs) if pairs.is_empty() && name.to_string() == "metadata" => {
                ZendObject::new_stdclass().into_zval(false)?
            }
            Some(within) => json_fields(within)?,
            None => json_value(value)?,
        };
        fields.insert(name, value)?;
    }
    fields.into_zval(false)
}

fn json_value(value: &Zval) -> Result<Zval> {
    match value.object() {
        Some(moment) if moment.instance_of(zend::date_time_immutable()) => {
            moment.try_call_method("format", vec![&"Y-m-d\\TH:i:s.vp"])
        }
        _ => Ok(value.shallow_clone()),
    }
}

/// PHP's own form of a value.
pub fn to_zval(value: &Value) -> Result<Zval> {
    match value {
        Value::Null => Ok(Zval::null()),
        Value::Boolean(yes) => yes.into_zval(false),
        Value::Integer(number) => number.into_zval(false),
        Value::Text(text) => text.as_str().into_zval(false),
        Value::Secret(secret) => secret.expose_secret().into_zval(false),
        Value::Moment(moment) => {
            let moment = moment.to_string();
            let utc = moment.trim_end_matches('Z').to_owned() + " UTC";
            let object = zend::date_time_immutable().new();
            object.try_call_method("__construct", vec![&utc])?;
            object.into_zval(false)
        }
        Value::List(values) => {
            let mut list = ZendHashTable::with_capacity(u32::try_from(values.len())?);
            for value in values {
                list.push(to_zval(value)?)?;
            }
            list.into_zval(false)
        }
        Value::Map(values) => {
            let mut map = ZendHashTable::with_capacity(u32::try_from(values.len())?);
            for (key, value) in values {
                map.insert(key.as_str(), to_zval(value)?)?;
            }
            map.into_zval(false)
        }
        Value::Record(record) => to_object(record),
    }
}

fn to_object(record: &Record) -> Result<Zval> {
    let mut object = Class::Result(record.number).entry().new();
    for (name, value) in &record.fields {
        zend::set_property(&mut object, &camel(name), to_zval(value)?);
    }
    object.into_zval(false)
}

/// The answer of `resetPassword`.
pub fn response(user: &Value) -> Result<Zval> {
    let mut response = Class::Response.entry().new();
    zend::set_property(&mut response, "user", to_zval(user)?);
    response.into_zval(false)
}
