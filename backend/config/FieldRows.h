// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Check.h"
#include "backend/config/ConfigFields.h"
#include "backend/config/ConfigWords.h"

#include <concepts>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

/// How the rows of the table are written: the way to a value is its member pointers,
/// `row<&Config::memory, &Memory::budgetGb>({ .key = …, .help = … })`. Inside this folder only.
namespace dubito::config {

inline Value toValue(std::int64_t value) { return value; }
inline Value toValue(double value) { return value; }
inline Value toValue(const std::string& value) { return value; }

template <typename Enum>
    requires std::is_enum_v<Enum>
Value toValue(Enum value)
{
    return std::string(wordOf(value));
}

template <typename Member>
void assign(Member& member, const Value& value)
{
    if constexpr (std::is_enum_v<Member>) {
        const auto choice = choiceOf<Member>(std::get<std::string>(value));
        CHECK(choice.has_value(), "a choice was set to a word that parseValue() does not give");
        member = *choice;
    } else {
        member = std::get<Member>(value);
    }
}

/// Completes a row with the way to its value, and the words of a choice.
template <auto... Members>
constexpr Field row(Field field)
{
    using Member = std::remove_cvref_t<decltype((std::declval<Config&>().*....*Members))>;
    if constexpr (std::is_enum_v<Member>) {
        field.words = kWordsOf<Member>;
    }
    field.get = [](const Config& config) { return toValue((config.*....*Members)); };
    field.set = [](Config& config, const Value& value) { assign((config.*....*Members), value); };
    return field;
}

std::span<const Field> dataFields();       ///< log, data, provenance, distrust, model
std::span<const Field> trainingFields();   ///< training
std::span<const Field> operationFields();  ///< memory, reload, metrics, health

} // namespace dubito::config
