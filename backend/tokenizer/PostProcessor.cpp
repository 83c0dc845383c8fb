// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/PostProcessor.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <limits>
#include <string>

namespace dubito::tokenizer {

namespace {

/// The ids of one {"SpecialToken": …} of a template.
std::vector<std::int32_t> specialIds(
    const JsonPart& token, const JsonPart& table, const std::function<bool(std::int64_t)>& exists)
{
    std::vector<std::int32_t> ids;
    const std::string name = token.text("id");
    if (!table.has(name)) {
        token.refuse(fmt::format("names \"{}\", which special_tokens does not have", name));
        return ids;
    }
    const JsonPart entry = table.at(name);
    for (const JsonPart& id : entry.list("ids")) {
        const bool isWhole = id.json().is_number_unsigned()
            && id.json().get<std::uint64_t>() <= std::uint64_t { std::numeric_limits<std::int32_t>::max() };
        if (!isWhole || !exists(id.json().get<std::int64_t>())) {
            id.refuse("must be the id of a token of this file");
            return ids;
        }
        ids.push_back(id.json().get<std::int32_t>());
    }
    return ids;
}

} // namespace

PostProcessor PostProcessor::read(const JsonPart& part, const std::function<bool(std::int64_t)>& exists)
{
    PostProcessor processor;
    if (!part.isNull()) {
        processor.append(part, exists);
    }
    return processor;
}

void PostProcessor::append(const JsonPart& part, const std::function<bool(std::int64_t)>& exists)
{
    const std::string type = part.type();
    if (type == "Sequence") {
        for (const JsonPart& step : part.list("processors")) {
            append(step, exists);
        }
    } else if (type == "TemplateProcessing") {
        appendTemplate(part, exists);
    } else if (type != "ByteLevel") {
        part.refuse(fmt::format("is a post-processor \"{}\", which is not supported", type));
    }
}

void PostProcessor::appendTemplate(const JsonPart& part, const std::function<bool(std::int64_t)>& exists)
{
    std::vector<std::int32_t> before;
    std::vector<std::int32_t> behind;
    int texts = 0;
    const JsonPart table = part.at("special_tokens");
    for (const JsonPart& element : part.list("single")) {
        if (element.has("SpecialToken")) {
            const auto ids = specialIds(element.at("SpecialToken"), table, exists);
            auto& side = texts == 0 ? before : behind;
            side.insert(side.end(), ids.begin(), ids.end());
        } else if (element.has("Sequence") && element.at("Sequence").text("id") == "A") {
            ++texts;
        } else {
            element.refuse("must be a SpecialToken or the Sequence A");
        }
    }
    if (texts != 1) {
        part.at("single").refuse("must have the Sequence A exactly once");
    }
    // A later processor puts its tokens around those of an earlier one.
    m_before.insert(m_before.begin(), before.begin(), before.end());
    m_behind.insert(m_behind.end(), behind.begin(), behind.end());
}

} // namespace dubito::tokenizer
