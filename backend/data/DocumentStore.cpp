// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/data/DocumentStore.h"

#include "backend/base/Check.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

namespace dubito::data {

namespace {

constexpr std::string_view kOther = "other";
/// A name is for people; a corpus with pages of text as ids must not make the file of names large.
constexpr std::size_t kLongestName = 512;

/// Does not cut a character of UTF-8 in two.
std::string_view shortened(std::string_view name)
{
    if (name.size() <= kLongestName) {
        return name;
    }
    std::size_t end = kLongestName;
    while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return name.substr(0, end);
}

} // namespace

struct DocumentStore::Record {
    std::uint64_t tokenOffset = 0;
    std::uint64_t nameOffset = 0;
    double weight = 1;
    double authority = 0;
    double entropy = 0;
    std::int64_t tokens = 0;
    std::int64_t firstTarget = 1;
    std::uint32_t nameBytes = 0;
    std::uint16_t sourceClass = 0;
    LabelSource labels = LabelSource::Given;
    std::uint8_t unused = 0;
};

Result<DocumentStore> DocumentStore::create(const Options& options)
{
    CHECK(options.maxTokens > 1, "a document of one token has no target");
    auto tokens = SpillFile::create(options.folder);
    if (!tokens) {
        return tokens.error();
    }
    auto records = SpillFile::create(options.folder);
    if (!records) {
        return records.error();
    }
    auto names = SpillFile::create(options.folder);
    if (!names) {
        return names.error();
    }
    return DocumentStore(options, std::move(*tokens), std::move(*records), std::move(*names));
}

DocumentStore::DocumentStore(const Options& options, SpillFile tokens, SpillFile records, SpillFile names)
    : m_maxTokens(options.maxTokens)
    , m_tokens(std::move(tokens))
    , m_records(std::move(records))
    , m_names(std::move(names))
{
    static_assert(std::is_trivially_copyable_v<Record> && sizeof(Record) == 64);
    if (options.tally != nullptr) {
        m_tally = TallyEntry(*options.tally, Category::Data);
        m_tally.set(heldBytes());
    }
}

Result<void> DocumentStore::add(const StoredDocument& document)
{
    if (!std::isfinite(document.weight) || document.weight < 0) {
        return Error { ErrorCode::Data,
            fmt::format("has weight {}; a finite number that is not negative is wanted", document.weight),
            std::string(document.id) };
    }
    const auto given = static_cast<std::int64_t>(document.ids.size());
    const std::int64_t kept = std::min(given, m_maxTokens);
    Record record;
    record.tokens = kept;
    record.firstTarget = std::max<std::int64_t>(1, document.lossStart);
    if (record.firstTarget >= kept) {
        ++m_report.withoutTarget;
        return {};
    }
    const std::string_view name = shortened(document.id);
    const auto tokenOffset = m_tokens.append(std::as_bytes(document.ids.first(static_cast<std::size_t>(kept))));
    if (!tokenOffset) {
        return tokenOffset.error();
    }
    const auto nameOffset = m_names.append(std::as_bytes(std::span(name)));
    if (!nameOffset) {
        return nameOffset.error();
    }
    record.tokenOffset = *tokenOffset;
    record.nameOffset = *nameOffset;
    record.nameBytes = static_cast<std::uint32_t>(name.size());
    record.weight = document.weight;
    record.authority = document.authority;
    record.entropy = document.entropy;
    record.labels = document.labels;
    record.sourceClass = static_cast<std::uint16_t>(sourceClassIndex(document.sourceClass));
    if (auto written = m_records.append(std::as_bytes(std::span(&record, 1))); !written) {
        return written.error();
    }
    m_report.cutDocuments += given > kept ? 1 : 0;
    m_report.cutTokens += given - kept;
    ++m_report.documents;
    m_report.tokens += kept;
    m_report.targets += kept - record.firstTarget;
    m_report.given += document.labels == LabelSource::Given ? 1 : 0;
    m_report.scored += document.labels == LabelSource::Scored ? 1 : 0;
    m_report.weightOne += document.labels == LabelSource::WeightOne ? 1 : 0;
    return {};
}

std::int64_t DocumentStore::sourceClassIndex(std::string_view name)
{
    name = shortened(name);
    const auto found = std::ranges::find(m_sourceClasses, name);
    if (found != m_sourceClasses.end()) {
        return found - m_sourceClasses.begin();
    }
    if (m_sourceClasses.size() == kSourceClasses) {
        return static_cast<std::int64_t>(kSourceClasses) - 1;
    }
    // The last place is for all that come after it.
    m_sourceClasses.emplace_back(m_sourceClasses.size() == kSourceClasses - 1 ? kOther : name);
    return static_cast<std::int64_t>(m_sourceClasses.size()) - 1;
}

Result<void> DocumentStore::seal()
{
    for (SpillFile* file : { &m_tokens, &m_records, &m_names }) {
        if (auto sealed = file->seal(); !sealed) {
            return sealed.error();
        }
    }
    m_tally.set(heldBytes());
    return {};
}

DocumentStore::Record DocumentStore::record(std::int64_t index) const
{
    CHECK(index >= 0 && index < size(), "a document was asked for that the store does not hold");
    Record record;
    std::memcpy(&record, m_records.read(static_cast<std::uint64_t>(index) * sizeof(Record), sizeof(Record)).data(),
        sizeof(Record));
    return record;
}

std::span<const std::int32_t> DocumentStore::ids(std::int64_t index) const
{
    const Record stored = record(index);
    const auto count = static_cast<std::size_t>(stored.tokens);
    const auto bytes = m_tokens.read(stored.tokenOffset, count * sizeof(std::int32_t));
    return { reinterpret_cast<const std::int32_t*>(bytes.data()), count };
}

DocumentInfo DocumentStore::info(std::int64_t index) const
{
    const Record stored = record(index);
    const auto name = m_names.read(stored.nameOffset, stored.nameBytes);
    DocumentInfo info;
    info.id = std::string_view(reinterpret_cast<const char*>(name.data()), name.size());
    info.sourceClass = stored.sourceClass;
    info.weight = stored.weight;
    info.authority = stored.authority;
    info.entropy = stored.entropy;
    info.labels = stored.labels;
    info.tokens = stored.tokens;
    info.firstTarget = stored.firstTarget;
    return info;
}

std::int64_t DocumentStore::heldBytes() const
{
    return static_cast<std::int64_t>(m_tokens.heldBytes() + m_records.heldBytes() + m_names.heldBytes());
}

} // namespace dubito::data
