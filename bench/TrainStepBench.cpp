// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Random.h"
#include "backend/memory/TensorPool.h"
#include "backend/model/FrozenWeights.h"
#include "backend/model/Gemm.h"
#include "backend/model/LanguageModel.h"
#include "backend/train/AdamW.h"
#include "backend/train/GradientClip.h"
#include "bench/Benches.h"
#include "bench/ProcessUse.h"
#include "bench/TrainJob.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

namespace dubito::bench {

namespace {

using Clock = std::chrono::steady_clock;

template <typename T>
T orThrow(Result<T> result)
{
    if (!result) {
        throw std::runtime_error(toText(result.error()));
    }
    return std::move(*result);
}

model::Tensor<float> tensorOf(TensorMemory& memory, std::int64_t count, Category category)
{
    auto tensor = orThrow(model::Tensor<float>::create(memory, count, category));
    std::ranges::fill(tensor.span(), 0.0F);
    return tensor;
}

/// Normal numbers for matrices, 1 for norms; of an adapter A alone, as a training begins.
void fill(model::Tensor<float>& block, const model::ParameterLayout& layout)
{
    Random random(42);
    for (const auto& parameter : layout.parameters()) {
        const bool isZero = layout.isAdapter() && parameter.name.ends_with(model::kLoraB);
        for (std::int64_t i = 0; i < parameter.count && !isZero; ++i) {
            block.data()[parameter.offset + i]
                = parameter.isNormOrBias ? 1.0F : static_cast<float>(0.02 * random.normal());
        }
    }
}

/// A model, its blocks and one batch of random ids, as a trainer holds them.
class Step {
public:
    explicit Step(const TrainJob& job)
        : m_parallel(job.threads)
        , m_base(baseOf(job))
        , m_model(modelOf(job))
        , m_optimizer(m_model.layout(), {})
        , m_lengths(static_cast<std::size_t>(job.batch), job.seq)
        , m_losses(m_lengths.size())
        , m_seq(job.seq)
    {
        const std::int64_t count = m_model.layout().blockSize();
        m_parameters = tensorOf(m_pool, count, Category::Weights);
        m_gradients = tensorOf(m_pool, count, Category::Gradients);
        m_first = tensorOf(m_pool, count, Category::Optimizer);
        m_second = tensorOf(m_pool, count, Category::Optimizer);
        fill(m_parameters, m_model.layout());
        m_model.narrowAgain(m_parameters.span());
        Random random(43);
        for (std::int64_t i = 0; i < job.tokens(); ++i) {
            m_ids.push_back(static_cast<std::int32_t>(
                random.below(static_cast<std::uint64_t>(m_model.config().vocabulary))));
        }
        const double targets = static_cast<double>(job.batch * (job.seq - 1));
        m_coefficients.assign(m_lengths.size(), static_cast<float>(1 / targets));
    }

    int threads() const { return m_parallel.threads(); }

    /// Forward, backward, clip, AdamW.
    void run()
    {
        const model::TokenBatch batch { static_cast<std::int64_t>(m_lengths.size()), m_seq, m_ids, m_lengths, {} };
        const auto done = m_model.lossAndGradients(
            m_parameters.span(), batch, m_coefficients, m_losses, m_gradients.span());
        if (!done) {
            throw std::runtime_error(toText(done.error()));
        }
        const double clip = train::clipFactor(train::globalNorm(m_gradients.span(), m_parallel), 1.0);
        m_optimizer.step({ m_parameters.span(), m_gradients.span(), m_first.span(), m_second.span(),
                             m_model.narrowParameters() },
            ++m_number, 1e-4, clip, m_parallel);
    }

private:
    /// The frozen weights below an adapter.
    std::optional<model::FrozenWeights<float>> baseOf(const TrainJob& job)
    {
        if (!job.lora().isOn()) {
            return std::nullopt;
        }
        const auto config = job.model();
        auto base = orThrow(model::FrozenWeights<float>::create(config, job.storage(), m_pool));
        base.initialise(config, 42);
        return base;
    }

    model::LanguageModel<float> modelOf(const TrainJob& job)
    {
        using Model = model::LanguageModel<float>;
        return orThrow(m_base ? Model::createAdapted(job.model(), job.lora(), *m_base, job.options(), m_pool, m_parallel)
                              : Model::create(job.model(), m_pool, m_parallel, job.options()));
    }

    memory::TensorPool m_pool;
    Parallel m_parallel;
    std::optional<model::FrozenWeights<float>> m_base;
    model::LanguageModel<float> m_model;
    train::AdamW m_optimizer;
    model::Tensor<float> m_parameters;
    model::Tensor<float> m_gradients;
    model::Tensor<float> m_first;
    model::Tensor<float> m_second;
    std::vector<std::int32_t> m_ids;
    std::vector<std::int64_t> m_lengths;
    std::vector<float> m_coefficients;
    std::vector<model::SequenceLoss> m_losses;
    std::int64_t m_seq;
    std::int64_t m_number = 0;
};

/// So many steps of a unit: 10 keeps one digit behind the point.
double rounded(double value, double stepsPerUnit) { return std::round(value * stepsPerUnit) / stepsPerUnit; }

void measure(const TrainJob& job)
{
    Step step(job);
    step.run(); // first touch of every page
    std::vector<double> milliseconds;
    const UseOfProcessors before;
    const std::int64_t productsBefore = model::productNanoseconds();
    for (int i = 0; i < job.steps; ++i) {
        const auto begin = Clock::now();
        step.run();
        milliseconds.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    }
    const auto products = static_cast<double>(model::productNanoseconds() - productsBefore);
    const UseOfProcessors after;
    double total = 0;
    for (const double value : milliseconds) {
        total += value;
    }
    std::ranges::sort(milliseconds);
    const double median = milliseconds[milliseconds.size() / 2];
    nlohmann::ordered_json line;
    line["shape"] = job.shape;
    line["mode"] = job.mode;
    line["batch"] = job.batch;
    line["seq"] = job.seq;
    line["precision"] = job.precision;
    line["checkpointing"] = job.recompute;
    line["threads"] = step.threads();
    line["tokens_per_s"] = rounded(static_cast<double>(job.tokens()) / median * 1e3, 10);
    line["step_ms_median"] = rounded(median, 100);
    line["step_ms_min"] = rounded(milliseconds.front(), 100);
    line["peak_rss_mb"] = rounded(peakResidentMb(), 10);
    line["gemm_share"] = rounded(products / (total * 1e6 * step.threads()), 1000);
    line["other_cpu"] = rounded(othersShare(before, after), 1000);
    std::printf("%s\n", line.dump().c_str());
    std::fprintf(stderr, "%.1f ms of processor and %lld page faults per step\n",
        (after.ownSeconds - before.ownSeconds) * 1e3 / job.steps,
        static_cast<long long>((after.pageFaults - before.pageFaults) / job.steps));
}

} // namespace

int runTrainStepBench(const Arguments& arguments)
{
    try {
        measure(TrainJob::parse(arguments));
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "dubito-bench train: %s\n", problem.what());
        return 2;
    }
}

} // namespace dubito::bench
