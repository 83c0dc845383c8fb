// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/provenance/ScoreFile.h"

#include <nlohmann/json.hpp>

#include <utility>

namespace dubito::provenance {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBufferBytes = std::size_t { 256 } << 10;

Json toJson(const Contribution& contribution)
{
    Json json;
    json["rule"] = toWord(contribution.rule);
    if (!contribution.evidence.empty()) {
        json["evidence"] = contribution.evidence;
    }
    if (contribution.span) {
        json["begin"] = contribution.span->begin;
        json["end"] = contribution.span->end;
    }
    json["authority"] = contribution.authority;
    json["entropy"] = contribution.entropy;
    return json;
}

Json classesToJson(const CompatScore& score)
{
    Json classes = Json::object();
    for (std::size_t i = 0; i < kSourceClassCount; ++i) {
        if (score.classes[i] > 0) {
            classes[std::string(toWord(static_cast<SourceClass>(i)))] = score.classes[i];
        }
    }
    return classes;
}

} // namespace

std::string toJsonLine(const data::Document& document, const Score& score, ScoreText text)
{
    const CompatScore& details = score.details;
    Json json;
    json["id"] = document.name();
    if (text == ScoreText::With) {
        // In the form in which it came, so that the line trains as the original does.
        if (document.promptBytes > 0) {
            json["prompt"] = document.prompt();
            json["completion"] = document.completion();
        } else {
            json["text"] = document.text;
        }
        if (!document.sourceType.empty()) {
            json["source_type"] = document.sourceType;
        }
    }
    json["auth_weight"] = score.authority;
    json["prov_entropy"] = score.entropy;
    json["source_class"] = score.sourceClass;
    json["method"] = toWord(score.method);
    json["citation_count"] = details.citations;
    json["primary_source_count"] = details.primaryMarkers;
    json["institutional_score"] = details.institution;
    json["consensus_score"] = details.consensus;
    json["year"] = details.year ? Json(*details.year) : Json(nullptr);
    json["classes"] = classesToJson(details);
    json["explanation"] = Json::array();
    for (const Contribution& contribution : score.explanation) {
        json["explanation"].push_back(toJson(contribution));
    }
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<ScoreFile> ScoreFile::create(const std::filesystem::path& path, ScoreText text)
{
    auto file = AtomicFile::create(path);
    if (!file) {
        return file.error();
    }
    return ScoreFile(std::move(*file), text);
}

ScoreFile::ScoreFile(AtomicFile file, ScoreText text)
    : m_file(std::move(file))
    , m_text(text)
{
}

Result<void> ScoreFile::add(const data::Document& document, const Score& score)
{
    m_buffer += toJsonLine(document, score, m_text);
    m_buffer.push_back('\n');
    ++m_lines;
    return m_buffer.size() < kBufferBytes ? Result<void> {} : flush();
}

Result<void> ScoreFile::close()
{
    if (auto flushed = flush(); !flushed) {
        return flushed;
    }
    return m_file.commit();
}

Result<void> ScoreFile::flush()
{
    auto written = m_file.write(m_buffer);
    m_buffer.clear();
    return written;
}

} // namespace dubito::provenance
