// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/CorpusReading.h"

#include "backend/base/Checksum.h"
#include "backend/base/Text.h"
#include "backend/provenance/Scorer.h"
#include "backend/session/DocumentWeight.h"

#include <algorithm>
#include <fmt/format.h>

namespace dubito::session {

namespace {

using tokenizer::SpecialTokens;

template <typename T>
std::span<const std::byte> bytesOf(const T& value)
{
    return std::as_bytes(std::span(&value, 1));
}

class CorpusBuilder {
public:
    CorpusBuilder(const CorpusRequest& request, data::DocumentStore store)
        : m_request(request)
        , m_scorer(request.config.provenance)
        , m_store(std::move(store))
    {
    }

    Result<void> add(const data::Document& document)
    {
        // The score is also what names the class of a document without a source type.
        const provenance::Score score = m_scorer.score(document);
        const auto weighed = weighDocument(document, score, m_request.config);
        const bool isJudged = weighed.labels != data::LabelSource::WeightOne;
        const std::int64_t lossStart = encodeDocument(m_request.tokenizer, document, m_ids);
        m_name = document.name();
        m_checksum.add(std::as_bytes(std::span(m_ids)));
        m_checksum.add(bytesOf(weighed.weight));
        m_checksum.add(bytesOf(lossStart));
        return m_store.add({ .ids = m_ids,
            .lossStart = lossStart,
            .id = m_name,
            .sourceClass = score.sourceClass,
            .weight = weighed.weight,
            .authority = isJudged ? weighed.authority : 0,
            .entropy = isJudged ? weighed.entropy : 0,
            .labels = weighed.labels });
    }

    Result<Corpus> finish(const data::ReadReport& report, const std::filesystem::path& path)
    {
        if (auto some = data::requireDocuments(report, path); !some) {
            return some.error();
        }
        if (m_store.size() == 0) {
            return Error { ErrorCode::Data,
                fmt::format("there is nothing to train on in {}: each is shorter than two tokens, or ends with its prompt "
                            "within training.seq_len; write longer texts, or raise --seq-len",
                    countOf(report.documents, "document")),
                path.string() };
        }
        if (auto sealed = m_store.seal(); !sealed) {
            return sealed.error();
        }
        return Corpus { std::move(m_store), report, m_checksum.toHex() };
    }

private:
    const CorpusRequest& m_request;
    provenance::Scorer m_scorer;
    data::DocumentStore m_store;
    Checksum m_checksum;
    std::vector<std::int32_t> m_ids;
    std::string m_name;
};

} // namespace

std::int64_t encodeDocument(
    const tokenizer::Tokenizer& tokenizer, const data::Document& document, std::vector<std::int32_t>& ids)
{
    ids.clear();
    if (document.promptBytes == 0) {
        tokenizer.encodeInto(document.text, SpecialTokens::With, ids);
        return 0;
    }
    // Prompt and completion are encoded apart, so that no token straddles the border of what is trained. What the
    // post-processor puts around a text (a bos before, perhaps an eos behind) is put around the whole.
    const auto framed = tokenizer.encode(document.prompt(), SpecialTokens::With);
    const auto plain = tokenizer.encode(document.prompt(), SpecialTokens::Without);
    const auto inner = std::ranges::search(framed, plain);
    const auto before = inner.begin() - framed.begin();
    ids.assign(framed.begin(), framed.begin() + before + static_cast<std::ptrdiff_t>(plain.size()));
    const auto lossStart = static_cast<std::int64_t>(ids.size());
    tokenizer.encodeInto(document.completion(), SpecialTokens::Without, ids);
    ids.insert(ids.end(), inner.end(), framed.end());
    return lossStart;
}

Result<Corpus> readCorpus(const std::filesystem::path& path, const CorpusRequest& request)
{
    auto reader = data::JsonlReader::open(path, request.config.data);
    if (!reader) {
        return reader.error();
    }
    auto store = data::DocumentStore::create(
        { .folder = request.runFolder, .maxTokens = request.config.training.seqLen, .tally = &request.tally });
    if (!store) {
        return store.error();
    }
    CorpusBuilder builder(request, std::move(*store));
    const std::string activity = fmt::format("reads {}", path.filename().string());
    data::Document document;
    constexpr std::int64_t kLinesPerReport = 64;
    for (;;) {
        if (request.stop.stop_requested()) {
            return Error { ErrorCode::Refused, "the preparation was stopped", path.string() };
        }
        const auto step = reader->next(document);
        if (!step) {
            return step.error();
        }
        if (*step == data::JsonlReader::Step::End) {
            return builder.finish(reader->report(), path);
        }
        if (*step == data::JsonlReader::Step::Document) {
            if (auto added = builder.add(document); !added) {
                return added.error();
            }
        }
        if (reader->report().lines % kLinesPerReport == 0) {
            request.onProgress(activity, reader->report().progress());
        }
    }
}

} // namespace dubito::session
