//! The façade's results as Ruby's values, frozen all through.

use std::sync::OnceLock;

use magnus::{
    Error, IntoValue, KwArgs, Module, RClass, RModule, Ruby,
    prelude::*,
    time::{Offset, Timespec},
    value::Opaque,
};
use reset_password_bindings::{ExposeSecret, Record, Value, api::RECORDS};

/// The class of each record, by number. They are constants of the module, so Ruby keeps them.
static CLASSES: OnceLock<Vec<Opaque<RClass>>> = OnceLock::new();

/// Finds the class of every record.
pub fn find_classes(module: RModule) -> Result<(), Error> {
    let classes = RECORDS.iter().map(|record| {
        let class: RClass = module.const_get(record.name)?;
        Ok(class.into())
    });
    let classes = classes.collect::<Result<_, Error>>()?;
    CLASSES.get_or_init(|| classes);
    Ok(())
}

/// Ruby's value of a result.
pub fn ruby_value(ruby: &Ruby, value: Value) -> Result<magnus::Value, Error> {
    let value = match value {
        Value::Null => return Ok(ruby.qnil().as_value()),
        Value::Boolean(yes) => return Ok(yes.into_value_with(ruby)),
        Value::Integer(number) => return Ok(number.into_value_with(ruby)),
        Value::Text(text) => ruby.str_new(&text).as_value(),
        Value::Secret(text) => ruby.str_new(text.expose_secret()).as_value(),
        Value::Moment(moment) => time(ruby, moment.unix_millis())?,
        Value::List(values) => {
            let list = ruby.ary_new_capa(values.len());
            for value in values {
                list.push(ruby_value(ruby, value)?)?;
            }
            list.as_value()
        }
        Value::Map(pairs) => {
            let map = ruby.hash_new();
            for (key, value) in pairs {
                map.aset(ruby.str_new(&key), ruby_value(ruby, value)?)?;
            }
            map.as_value()
        }
        Value::Record(record) => return object(ruby, record),
    };
    value.freeze();
    Ok(value)
}

fn time(ruby: &Ruby, millis: i64) -> Result<magnus::Value, Error> {
    let moment = Timespec {
        tv_sec: millis.div_euclid(1_000),
        tv_nsec: millis.rem_euclid(1_000) * 1_000_000,
    };
    Ok(ruby.time_timespec_new(moment, Offset::utc())?.as_value())
}

/// Its own constructor freezes it.
fn object(ruby: &Ruby, record: Record) -> Result<magnus::Value, Error> {
    let class = CLASSES.get().and_then(|classes| classes.get(record.number));
    let class = class.map_or_else(|| ruby.class_object(), |&class| ruby.get_inner(class));
    let fields = ruby.hash_new();
    for (name, value) in record.fields {
        fields.aset(ruby.to_symbol(name), ruby_value(ruby, value)?)?;
    }
    class.new_instance((KwArgs(fields),))
}
