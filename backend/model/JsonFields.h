// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace dubito::model {

/// Smallest and largest value that a number may have.
struct NumberRange {
    double low;
    double high;
};

/// The keys of one JSON object of a foreign file, read with their types and ranges checked.
///
/// What is wrong is collected, all of it, as one sentence each; the value that comes back is then the fallback, so that
/// reading goes on. A key that says null is as good as absent. A view: the object and the list must outlive it.
class JsonFields {
public:
    using Json = nlohmann::ordered_json;

    /// `prefix` stands before the key in sentences: "rope_scaling.". Requires: object.is_object().
    JsonFields(const Json& object, std::string prefix, std::vector<std::string>& problems);

    bool has(const char* key) const;

    /// A problem when the key is absent, or present with another value than a whole number in the range.
    std::int64_t whole(const char* key, NumberRange range);
    std::int64_t wholeOr(const char* key, std::int64_t otherwise, NumberRange range);
    double numberOr(const char* key, double otherwise, NumberRange range);
    bool flagOr(const char* key, bool otherwise);
    std::string wordOr(const char* key, std::string otherwise);

    /// One token id or a list of them; -1 and null mean none.
    std::vector<std::int64_t> ids(const char* key);

    void complain(std::string sentence) { m_problems.push_back(std::move(sentence)); }

private:
    void complainOfType(const char* key, const char* wanted, const Json& found);
    double inRange(const char* key, double value, NumberRange range, double otherwise);

    const Json& m_object;
    std::string m_prefix;
    std::vector<std::string>& m_problems;
};

} // namespace dubito::model
