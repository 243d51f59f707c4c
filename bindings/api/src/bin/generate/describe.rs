//! The description, as templates see it.

use std::collections::BTreeMap;

use minijinja::{Value, context};
use reset_password_api::{Answer, Content, Field, Kind, Operation, Parameter, Privacy, Record};
use reset_password_core::Code;

pub fn code(code: Code) -> Value {
    context! {
        name => code.as_str(),
        message => code.message(),
        retryable => code.retryable(),
    }
}

pub fn operation(operation: &Operation) -> Value {
    let (answer, record) = match operation.answer {
        Answer::Nothing => ("nothing", None),
        Answer::Number => ("number", None),
        Answer::Record(name) => ("record", Some(name)),
        Answer::RecordOrNothing(name) => ("record_or_nothing", Some(name)),
    };
    // What names the one thing that is asked for stands alone; all others have names, where a language has them.
    let is_alone = |each: &Parameter| {
        each.is_required && (each.name == "id" || operation.name.starts_with("get_"))
    };
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|each| parameter(each, is_alone(each)));
    let is_its_own = |code: &&Code| operation.errors.contains(&code.as_str());
    let errors = Code::ALL.iter().filter(is_its_own).copied().map(code);
    // What may be left out is too much for parameters of their own, where a language has no names for them.
    let optional = operation.parameters.iter().filter(|each| !each.is_required);
    context! {
        has_much => optional.count() > 2,
        name => operation.name,
        about => operation.about,
        details => operation.details,
        notes => operation.notes.iter().copied().collect::<BTreeMap<_, _>>(),
        parameters => parameters.collect::<Vec<_>>(),
        answer => answer,
        record => record,
        errors => errors.collect::<Vec<_>>(),
    }
}

fn parameter(parameter: &Parameter, is_positional: bool) -> Value {
    let kind = match parameter.kind {
        Kind::Flag => "flag",
        Kind::Number => "number",
        Kind::Pairs => "pairs",
        Kind::Text => "text",
        Kind::Texts => "texts",
    };
    context! {
        name => parameter.name,
        kind => kind,
        is_positional => is_positional,
        is_required => parameter.is_required,
        is_path => parameter.is_path,
        is_private => parameter.privacy != Privacy::Public,
        is_secret => parameter.privacy == Privacy::Secret,
        choices => parameter.choices,
        about => parameter.about,
        unit => parameter.unit,
        default => parameter.default,
        bounds => parameter.bounds,
    }
}

pub fn record(record: &Record) -> Value {
    let is_secret = |field: &Field| field.content == Content::Secret;
    context! {
        name => record.name,
        about => record.about,
        has_secrets => record.fields.iter().any(is_secret),
        fields => record.fields.iter().map(field).collect::<Vec<_>>(),
    }
}

fn field(field: &Field) -> Value {
    let (content, of) = match field.content {
        Content::Anything => ("anything", None),
        Content::Flag => ("flag", None),
        Content::Moment => ("moment", None),
        Content::Number => ("number", None),
        Content::Pairs => ("pairs", None),
        Content::Record(name) => ("record", Some(name)),
        Content::Records(name) => ("records", Some(name)),
        Content::Secret => ("secret", None),
        Content::Text => ("text", None),
    };
    context! {
        name => field.name,
        content => content,
        of => of,
        is_nullable => field.is_nullable,
        about => field.about,
    }
}
