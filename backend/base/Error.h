// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Check.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace dubito {

/// What kind of thing went wrong; app/common/ExitCode maps it to the exit code of the program.
enum class ErrorCode : std::uint8_t {
    Usage,    ///< a flag, key or value that cannot be taken (exit 2)
    Data,     ///< a corpus that is refused (exit 3)
    Model,    ///< a model, tokenizer or checkpoint that is refused (exit 3)
    Memory,   ///< an allocation that the budget or the machine refuses (exit 4)
    Diverged, ///< a loss that is NaN, infinite or running away (exit 5)
    Output,   ///< a file or folder that cannot be written (exit 6)
    Refused,  ///< a command that does not fit the present state
    NotFound, ///< something asked for that is not there
    Internal, ///< a bug of ours that was caught at a thread's last net (exit 1)
};

/// An expected failure, in a sentence for the person who can mend it: what happened and what to do.
///
/// `where` names the place: "train.jsonl:17", "configs/my.yaml:4:3", "step 120", "model.safetensors". It may be empty.
struct Error {
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    std::string where;

    friend bool operator==(const Error&, const Error&) = default;
};

/// "where: message", or the message alone when no place is known.
inline std::string toText(const Error& error)
{
    return error.where.empty() ? error.message : error.where + ": " + error.message;
}

/// A value, or the Error that explains why there is none. Asking for the one that is absent ends the program.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) { }
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) { }

    bool hasValue() const { return m_state.index() == 0; }
    explicit operator bool() const { return hasValue(); }

    T& value() &
    {
        requireValue();
        return std::get<0>(m_state);
    }
    const T& value() const&
    {
        requireValue();
        return std::get<0>(m_state);
    }
    T&& value() &&
    {
        requireValue();
        return std::get<0>(std::move(m_state));
    }

    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const Error& error() const
    {
        CHECK(!hasValue(), "error() was asked of a Result that holds a value");
        return std::get<1>(m_state);
    }

private:
    void requireValue() const
    {
        CHECK(hasValue(), "value() was asked of a Result that holds an error: " + toText(std::get<1>(m_state)));
    }

    std::variant<T, Error> m_state;
};

/// Success without a value, or the Error.
template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) { }

    bool hasValue() const { return !m_error.has_value(); }
    explicit operator bool() const { return hasValue(); }

    const Error& error() const
    {
        CHECK(m_error.has_value(), "error() was asked of a Result that succeeded");
        return *m_error;
    }

private:
    std::optional<Error> m_error;
};

} // namespace dubito
