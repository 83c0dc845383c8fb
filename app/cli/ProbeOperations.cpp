// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ProbeOperations.h"

#include "backend/session/ModelSource.h"
#include "backend/session/RunKit.h"
#include "backend/tokenizer/Tokenizer.h"
#include "backend/train/CheckpointWriter.h"
#include "backend/train/Evaluator.h"

#include <optional>

namespace dubito::app {

/// A kit as a run has it, without the run.
class ProbeStage {
public:
    ProbeStage(const config::Config& config, std::filesystem::path folder, memory::TensorPool& pool)
        : m_folder(std::move(folder))
        , m_pool(pool)
    {
        m_kit.config = std::make_shared<const config::Config>(config);
        m_kit.parallel = std::make_unique<Parallel>(static_cast<int>(config.training.threads));
    }

    /// Corpus to ids, labels and weights, into `name` inside the folder.
    Result<session::Prepared> prepareInto(const std::string& name)
    {
        const auto folder = m_folder / name;
        std::filesystem::create_directories(folder);
        return session::prepare({ *m_kit.config, folder, m_tally, {}, [](const std::string&, double) {} });
    }

    Result<void> prepareOnce()
    {
        auto prepared = prepareInto("corpus");
        if (!prepared) {
            return prepared.error();
        }
        m_kit.prepared = std::make_unique<session::Prepared>(std::move(*prepared));
        if (auto read = readBaseOfAdapter(); !read) {
            return read;
        }
        m_writer = std::make_unique<train::CheckpointWriter>(
            train::CheckpointRules { .runFolder = m_folder, .saveTotalLimit = 1, .beforePublish = {} },
            m_kit.prepared->companions, m_pool);
        return {};
    }

    Result<void> buildModel()
    {
        m_kit.trainer.reset();
        auto trainer = session::buildTrainer(m_kit, m_pool);
        if (!trainer) {
            return trainer.error();
        }
        m_kit.trainer = std::move(*trainer);
        if (m_kit.prepared->adapter) {
            return m_kit.trainer->load(*m_kit.prepared->adapter);
        }
        if (m_kit.prepared->weights && !m_kit.prepared->lora.isOn()) {
            return m_kit.trainer->load(*m_kit.prepared->weights);
        }
        m_kit.trainer->initialise(static_cast<std::uint64_t>(m_kit.config->training.seed));
        return {};
    }

    /// The trainer, built at the first use.
    Result<train::Trainer*> trainer()
    {
        if (!m_kit.trainer) {
            if (auto built = buildModel(); !built) {
                return built.error();
            }
        }
        return m_kit.trainer.get();
    }

    const session::Prepared& prepared() const { return *m_kit.prepared; }
    train::CheckpointWriter& writer() { return *m_writer; }

private:
    /// The weights below an adapter stay from one repetition to the next, as they do in a run.
    Result<void> readBaseOfAdapter()
    {
        const auto& prepared = *m_kit.prepared;
        if (!prepared.lora.isOn()) {
            return {};
        }
        auto base = session::readBase(prepared.model, prepared.weights, prepared.frozen,
            static_cast<std::uint64_t>(m_kit.config->training.seed), m_pool);
        if (!base) {
            return base.error();
        }
        m_kit.base = std::make_unique<model::FrozenWeights<float>>(std::move(*base));
        return {};
    }

    std::filesystem::path m_folder;
    memory::TensorPool& m_pool;
    Tally m_tally;
    session::RunKit m_kit;
    std::unique_ptr<train::CheckpointWriter> m_writer;
};

void DeleteProbeStage::operator()(ProbeStage* stage) const { std::default_delete<ProbeStage>()(stage); }

namespace {

Result<void> runStep(ProbeStage& stage)
{
    const auto trainer = stage.trainer();
    if (!trainer) {
        return trainer.error();
    }
    for (;;) {
        const auto progress = (*trainer)->advance();
        if (!progress) {
            return progress.error();
        }
        if (*progress == train::Trainer::Progress::Step) {
            return {};
        }
    }
}

Result<void> runLoad(ProbeStage& stage) { return stage.buildModel(); }

Result<void> runEvaluate(ProbeStage& stage)
{
    const auto trainer = stage.trainer();
    if (!trainer) {
        return trainer.error();
    }
    constexpr std::int64_t kDocuments = 8;
    const auto& prepared = stage.prepared();
    const auto& documents = prepared.validation ? *prepared.validation : prepared.documents;
    train::Evaluator evaluator(documents, (*trainer)->progress().batchSize, kDocuments);
    for (;;) {
        const auto done = evaluator.advance((*trainer)->model(), (*trainer)->parameters());
        if (!done) {
            return done.error();
        }
        if (*done) {
            return {};
        }
    }
}

Result<void> runCheckpoint(ProbeStage& stage)
{
    const auto trainer = stage.trainer();
    if (!trainer) {
        return trainer.error();
    }
    const auto saved = stage.writer().writeNow((*trainer)->state());
    return saved ? Result<void>() : Result<void>(saved.error());
}

Result<void> runTokenizer(ProbeStage& stage)
{
    const auto tokenizer = tokenizer::Tokenizer::load(stage.prepared().inputs.model / "tokenizer.json");
    if (!tokenizer) {
        return tokenizer.error();
    }
    const auto ids = tokenizer->encode("The river went its way to the old mill, and the mill to the sea.",
        tokenizer::SpecialTokens::With);
    return ids.empty() ? Result<void>(Error { ErrorCode::Model, "the tokenizer gave no token", "" }) : Result<void>();
}

Result<void> runCorpus(ProbeStage& stage)
{
    const auto prepared = stage.prepareInto("again");
    return prepared ? Result<void>() : Result<void>(prepared.error());
}

} // namespace

Result<ProbeStagePointer> makeProbeStage(
    const config::Config& config, const std::filesystem::path& folder, memory::TensorPool& pool)
{
    ProbeStagePointer stage(std::make_unique<ProbeStage>(config, folder, pool).release());
    if (auto prepared = stage->prepareOnce(); !prepared) {
        return prepared.error();
    }
    return stage;
}

const std::vector<ProbeOperation>& probeOperations()
{
    static const std::vector<ProbeOperation> kOperations {
        { "step", "one optimizer step", runStep },
        { "load", "the model built anew and its weights filled in", runLoad },
        { "evaluate", "the held-out loss of 8 documents", runEvaluate },
        { "checkpoint", "a checkpoint written", runCheckpoint },
        { "tokenizer", "the tokenizer opened and a sentence encoded", runTokenizer },
        { "corpus", "the corpus read, scored and encoded", runCorpus },
    };
    return kOperations;
}

} // namespace dubito::app
