// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/SafetensorsHeader.h"

#include "backend/base/Text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace dubito::model {

namespace {

constexpr std::string_view kMetadata = "__metadata__";
/// Far more than any tensor has; a longer shape is an attack on our memory.
constexpr std::size_t kMostDimensions = 64;

/// A header's events as nlohmann's parser sends them: builds the entries, refuses what has no place in a header.
///
/// The grammar is two objects deep, so a depth and the last keys are all the state there is.
class HeaderEvents final : public nlohmann::json_sax<nlohmann::json> {
public:
    SafetensorsHeader header;
    std::string problem;

    bool null() override { return refuse("null"); }
    bool boolean(bool) override { return refuse("true or false"); }
    bool number_integer(number_integer_t) override { return refuse("a negative number"); }
    bool number_float(number_float_t, const string_t& text) override
    {
        return refuse("the number " + dubito::quoted(text));
    }
    bool binary(binary_t&) override { return refuse("binary data"); }

    bool number_unsigned(number_unsigned_t value) override
    {
        constexpr auto kLargest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
        if (m_list == List::None || value > kLargest) {
            return refuse("the number " + std::to_string(value));
        }
        if (m_list == List::Shape) {
            m_tensor.shape.push_back(static_cast<std::int64_t>(value));
        } else {
            m_offsets.push_back(value);
        }
        return m_tensor.shape.size() + m_offsets.size() <= kMostDimensions || fail("has too many numbers in one entry");
    }

    bool string(string_t& value) override
    {
        if (m_depth == 2 && m_name == kMetadata) {
            header.metadata[m_field] = std::move(value);
            return true;
        }
        if (m_depth != 2 || m_list != List::None || m_field != "dtype") {
            return isIgnored() || refuse("the text " + dubito::quoted(value));
        }
        const auto dtype = toDtype(value);
        if (!dtype) {
            return fail(
                fmt::format("tensor {} has the unknown dtype {}", dubito::quoted(m_name), dubito::quoted(value)));
        }
        m_tensor.dtype = *dtype;
        return true;
    }

    bool start_object(std::size_t) override
    {
        if (m_depth == 2 || m_list != List::None) {
            return refuse("an object");
        }
        ++m_depth;
        m_tensor = {};
        m_offsets.clear();
        m_fields.clear();
        return true;
    }

    bool key(string_t& value) override
    {
        auto& known = m_depth == 1 ? m_names : m_fields;
        if (!known.insert(value).second) {
            return fail(fmt::format("{} stands there twice", dubito::quoted(value)));
        }
        (m_depth == 1 ? m_name : m_field) = std::move(value);
        return true;
    }

    bool end_object() override
    {
        --m_depth;
        return m_depth == 0 || m_name == kMetadata || finishTensor();
    }

    bool start_array(std::size_t) override
    {
        const bool isInTensor = m_depth == 2 && m_name != kMetadata && m_list == List::None;
        if (isInTensor && m_field == "shape") {
            m_list = List::Shape;
        } else if (isInTensor && m_field == "data_offsets") {
            m_list = List::Offsets;
        } else {
            return refuse("a list");
        }
        return true;
    }

    bool end_array() override
    {
        m_list = List::None;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        return fail(fmt::format("is no valid JSON at byte {} of the header; the file is damaged", position));
    }

private:
    enum class List { None, Shape, Offsets };

    /// A field of a tensor that the format does not know: the reference reader skips plain texts there too.
    bool isIgnored() const
    {
        return m_depth == 2 && m_list == List::None && m_name != kMetadata && m_field != "shape"
            && m_field != "data_offsets";
    }

    bool refuse(const std::string& what)
    {
        const std::string place = m_depth == 0 ? "the whole header"
            : m_depth == 1                     ? dubito::quoted(m_name)
                                               : dubito::quoted(m_field) + " of " + dubito::quoted(m_name);
        return fail(fmt::format("{} may not be {}", place, what));
    }

    bool fail(std::string sentence)
    {
        problem = std::move(sentence);
        return false;
    }

    bool finishTensor()
    {
        for (const char* field : { "dtype", "shape", "data_offsets" }) {
            if (!m_fields.contains(field)) {
                return fail(fmt::format("tensor {} has no {}", dubito::quoted(m_name), field));
            }
        }
        if (m_offsets.size() != 2) {
            return fail(fmt::format("tensor {} has {} data offsets; a begin and an end are needed",
                dubito::quoted(m_name), m_offsets.size()));
        }
        m_tensor.name = m_name;
        m_tensor.begin = m_offsets[0];
        m_tensor.end = m_offsets[1];
        header.tensors.push_back(std::move(m_tensor));
        return true;
    }

    int m_depth = 0;
    List m_list = List::None;
    std::string m_name;
    std::string m_field;
    std::set<std::string> m_names;
    std::set<std::string> m_fields;
    StoredTensor m_tensor;
    std::vector<std::uint64_t> m_offsets;
};

/// Bytes that shape and dtype need; nothing when they pass 63 bits.
std::optional<std::uint64_t> bytesNeeded(const StoredTensor& tensor)
{
    std::int64_t bytes = static_cast<std::int64_t>(bytesOf(tensor.dtype));
    for (const std::int64_t size : tensor.shape) {
        if (__builtin_mul_overflow(bytes, size, &bytes)) {
            return std::nullopt;
        }
    }
    return static_cast<std::uint64_t>(bytes);
}

/// Every byte of the data belongs to exactly one tensor. Requires: sorted by begin.
std::string findGap(const std::vector<StoredTensor>& tensors, std::uint64_t dataBytes)
{
    std::uint64_t end = 0;
    for (const StoredTensor& tensor : tensors) {
        const std::string name = dubito::quoted(tensor.name);
        if (tensor.end < tensor.begin) {
            return fmt::format("tensor {} ends before it begins", name);
        }
        if (tensor.begin != end) {
            return fmt::format("tensor {} {} its neighbour: it begins at {} and must begin at {}", name,
                tensor.begin < end ? "overlaps" : "leaves a hole after", tensor.begin, end);
        }
        const auto needed = bytesNeeded(tensor);
        if (needed != tensor.end - tensor.begin) {
            return fmt::format("tensor {} of shape {} and dtype {} does not have {} bytes", name,
                shapeToText(tensor.shape), toWord(tensor.dtype), tensor.end - tensor.begin);
        }
        end = tensor.end;
    }
    if (end != dataBytes) {
        return fmt::format("the tensors need {} bytes of data and the file has {}; it {}", end, dataBytes,
            end > dataBytes ? "was cut short: fetch it again" : "carries bytes that belong to no tensor");
    }
    return {};
}

} // namespace

Result<SafetensorsHeader> parseSafetensorsHeader(
    std::string_view json, std::uint64_t dataBytes, const std::string& where)
{
    const auto refuse = [&](const std::string& sentence) {
        return Error { ErrorCode::Model, "is no good safetensors file: " + sentence, where };
    };
    if (!json.starts_with('{')) {
        return refuse("its header does not begin with {");
    }
    // The parser would take a zero byte for the end of the text and not look behind it.
    if (json.find('\0') != std::string_view::npos) {
        return refuse("its header holds a zero byte");
    }
    HeaderEvents events;
    if (!nlohmann::json::sax_parse(json, &events)) {
        return refuse(events.problem);
    }
    auto& tensors = events.header.tensors;
    std::ranges::stable_sort(tensors, [](const StoredTensor& a, const StoredTensor& b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    if (const std::string gap = findGap(tensors, dataBytes); !gap.empty()) {
        return refuse(gap);
    }
    return std::move(events.header);
}

} // namespace dubito::model
