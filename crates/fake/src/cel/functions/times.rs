//! Points in time and durations, in UTC.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};

use super::{Function, Kind, member};
use crate::cel::eval::Problem;
use crate::cel::value::Value;

pub(super) const FUNCTIONS: &[Function] = &[
    member("getFullYear", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.year().into())
    }),
    member("getMonth", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| i64::from(at.month()) - 1)
    }),
    member("getDate", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.day().into())
    }),
    member("getDayOfMonth", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| i64::from(at.day()) - 1)
    }),
    member("getDayOfYear", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| i64::from(at.day_of_year()) - 1)
    }),
    member("getDayOfWeek", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.weekday().to_sunday_zero_offset().into())
    }),
    member("getHours", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.hour().into())
    }),
    member("getMinutes", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.minute().into())
    }),
    member("getSeconds", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.second().into())
    }),
    member("getMilliseconds", &[Kind::Timestamp], Kind::Int, |args| {
        part(args, |at| at.millisecond().into())
    }),
    member("getHours", &[Kind::Duration], Kind::Int, |args| {
        length(args, |time| time.as_hours())
    }),
    member("getMinutes", &[Kind::Duration], Kind::Int, |args| {
        length(args, |time| time.as_mins())
    }),
    member("getSeconds", &[Kind::Duration], Kind::Int, |args| {
        length(args, |time| time.as_secs())
    }),
    member("getMilliseconds", &[Kind::Duration], Kind::Int, |args| {
        length(args, |time| time.subsec_millis().into())
    }),
];

fn part(args: &[Value], of: fn(&Zoned) -> i64) -> Result<Value, Problem> {
    match args.first() {
        Some(Value::Timestamp(time)) => Ok(Value::Int(of(&time.to_zoned(TimeZone::UTC)))),
        _ => Err(Problem::new("no such overload")),
    }
}

fn length(args: &[Value], of: fn(&SignedDuration) -> i64) -> Result<Value, Problem> {
    match args.first() {
        Some(Value::Duration(time)) => Ok(Value::Int(of(time))),
        _ => Err(Problem::new("no such overload")),
    }
}
