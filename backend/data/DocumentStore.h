// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Tally.h"
#include "backend/data/LabelPolicy.h"
#include "backend/data/SpillFile.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::data {

/// What is stored of one document.
struct StoredDocument {
    std::span<const std::int32_t> ids {};
    std::int64_t lossStart = 0; ///< tokens before it (the prompt's) are no targets; the first token never is
    std::string_view id {};     ///< Document::name()
    std::string_view sourceClass {};
    double weight = 1;    ///< as Weighting gives it, not yet divided by the mean
    double authority = 0; ///< unused with LabelSource::WeightOne, like the entropy
    double entropy = 0;
    LabelSource labels = LabelSource::Given;
};

/// What is known of a stored document beside its ids.
struct DocumentInfo {
    std::string_view id;          ///< valid as long as the store
    std::int64_t sourceClass = 0; ///< index in DocumentStore::sourceClasses()
    double weight = 1;
    double authority = 0;
    double entropy = 0;
    LabelSource labels = LabelSource::Given;
    std::int64_t tokens = 0;
    std::int64_t firstTarget = 1; ///< in [1, tokens)
    std::int64_t targets() const { return tokens - firstTarget; }
};

struct StoreReport {
    std::int64_t documents = 0;     ///< stored
    std::int64_t tokens = 0;        ///< stored
    std::int64_t targets = 0;       ///< stored tokens that are trained on
    std::int64_t cutDocuments = 0;  ///< longer than maxTokens
    std::int64_t cutTokens = 0;     ///< thrown away
    std::int64_t withoutTarget = 0; ///< not stored: one token, or nothing left behind the prompt
    std::int64_t given = 0;         ///< stored, by where the labels came from
    std::int64_t scored = 0;
    std::int64_t weightOne = 0;
};

/// Token ids and labels of one split, in temporary files: written once, then read by index. Resident memory does not
/// depend on the size of the corpus.
///
/// At most kSourceClasses source classes are told apart; further ones are counted as "other". One thread.
class DocumentStore {
public:
    static constexpr std::size_t kSourceClasses = 256;

    struct Options {
        std::filesystem::path folder; ///< for the temporary files: exists, on a disk, best the run folder
        std::int64_t maxTokens = 128; ///< training.seq_len: longer documents are cut, and counted
        Tally* tally = nullptr;       ///< may be absent; must outlive the store
    };

    static Result<DocumentStore> create(const Options& options);

    /// Stores it, or counts it as withoutTarget. An Error when the disk is full or the weight is not finite or below 0.
    Result<void> add(const StoredDocument& document);

    /// Ends the writing. Requires: not sealed. Everything below requires a sealed store.
    Result<void> seal();

    std::int64_t size() const { return m_report.documents; }
    std::span<const std::int32_t> ids(std::int64_t index) const;
    DocumentInfo info(std::int64_t index) const;

    /// Usable at any time.
    const StoreReport& report() const { return m_report; }
    const std::vector<std::string>& sourceClasses() const { return m_sourceClasses; }
    /// Anonymous memory: it shrinks when the store is sealed.
    std::int64_t heldBytes() const;

private:
    struct Record;

    DocumentStore(const Options& options, SpillFile tokens, SpillFile records, SpillFile names);

    Record record(std::int64_t index) const;
    std::int64_t sourceClassIndex(std::string_view name);

    std::int64_t m_maxTokens;
    SpillFile m_tokens;
    SpillFile m_records;
    SpillFile m_names;
    std::vector<std::string> m_sourceClasses;
    StoreReport m_report;
    TallyEntry m_tally;
};

} // namespace dubito::data
