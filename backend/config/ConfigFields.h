// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/config/Config.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// THE table of keys. Loader, validator, environment, command line, editor and default.yaml read it; nothing else
/// lists keys. The rows stand in the …Fields.cpp sources of this folder, one per group of sections.
namespace dubito::config {

/// What a value means: decides how it is read, printed and edited.
enum class Type : std::uint8_t {
    Integer,   ///< a whole number that counts something
    Steps,     ///< a whole number of optimizer steps
    Number,    ///< a real number
    Share,     ///< a real number, 0 to 1
    Percent,   ///< a real number, 0 to 100
    Gibibytes, ///< a real number of GiB
    Mebibytes, ///< a number of MiB, real or whole as the field is
    Seconds,   ///< a real number of seconds
    Text,
    Path,   ///< a file or a folder; empty means "none" or "the embedded one"
    Switch, ///< on or off; true/false, yes/no and 1/0 are read too
    Choice, ///< one of `words`
};

/// When a changed value acts.
enum class When : std::uint8_t { NextStep, NextStart };

/// The value of any field: whole number, real number, or text (also the words of Switch and Choice).
using Value = std::variant<std::int64_t, double, std::string>;

/// Inclusive bounds of a number.
struct Range {
    double least = std::numeric_limits<double>::lowest();
    double most = std::numeric_limits<double>::max();
};

/// One key.
struct Field {
    std::string_view key;  ///< "memory.pause_available_gb": section and name, as in the file
    std::string_view help; ///< a sentence or two: what it does and when one would change it
    Type type = Type::Text;
    Range range {};                             ///< numbers only
    std::string_view unit {};                   ///< "GiB", "steps"; may be empty
    When when = When::NextStart;                ///< live fields say NextStep
    std::span<const std::string_view> words {}; ///< Switch and Choice only
    std::span<const std::string_view> aliases {}; ///< other full keys that a file may use

    Value (*get)(const Config& config) = nullptr;
    /// Requires: a value that parseValue() gave for this field.
    void (*set)(Config& config, const Value& value) = nullptr;
};

/// Every key, in the order of the documentation. Sections stand together.
std::span<const Field> fields();

/// By key or alias; nullptr when there is none.
const Field* findField(std::string_view keyOrAlias);

/// Every key and alias, for "did you mean".
std::span<const std::string_view> fieldNames();

/// The sections ("log", "data", "data.fields", …): what a map in a file may be called.
bool isSection(std::string_view path);

/// Text from a file, a variable, a flag or the editor as a value of this field. The Error (Usage) is a sentence that
/// names key, range and unit, and quotes what was given; `where` is left to the caller.
Result<Value> parseValue(const Field& field, std::string_view text);

/// As it is typed: parseValue() of it gives the same value.
std::string toText(const Value& value);

/// "65 GiB", "500 steps", "on": for people.
std::string toTextWithUnit(const Field& field, const Value& value);

/// "a whole number from 1 to 65536 documents", "one of monotone, published, …": for help texts and messages.
std::string expectation(const Field& field);

/// The field as text, and back; the Error is that of parseValue(), or an unknown key with the nearest known one.
Result<void> setFromText(Config& config, std::string_view keyOrAlias, std::string_view text);

/// "training.batchsize is no key; did you mean training.batch_size?"
std::string unknownKeyMessage(std::string_view key);

} // namespace dubito::config
