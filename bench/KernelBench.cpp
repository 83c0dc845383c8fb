// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/base/Parallel.h"
#include "backend/model/AmxGemm.h"
#include "backend/model/Attention.h"
#include "backend/model/Bf16Gemm.h"
#include "backend/model/CrossEntropy.h"
#include "backend/model/RmsNorm.h"
#include "backend/model/SwiGlu.h"
#include "backend/train/AdamW.h"
#include "bench/Benches.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>

namespace dubito::bench {

namespace {

using model::Bf16;
using model::Into;
using model::Matrix;

/// Numbers of a matrix; small, so that nothing overflows however often a kernel is repeated.
template <typename T>
struct Room {
    Room(std::int64_t rows, std::int64_t columns)
        : numbers(static_cast<std::size_t>(rows * columns), value())
        , matrix(numbers.data(), rows, columns)
    {
    }

    static T value()
    {
        if constexpr (std::is_same_v<T, Bf16>) {
            return model::rounded(0.01F);
        } else {
            return T { 0.01F };
        }
    }

    std::vector<T> numbers;
    Matrix<T> matrix;
};

/// The shortest of some repetitions, in seconds: what the machine can do when nobody disturbs it.
double bestOf(const std::function<void()>& body)
{
    constexpr int kRepetitions = 12;
    double best = 1e30;
    for (int i = 0; i < kRepetitions; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        body();
        best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

struct Roof {
    double f32 = 0; ///< GFLOP/s of the best product, all threads
    double bf16 = 0;
    double memory = 0; ///< GB/s read and written by a pass over much more than the caches
};

/// out (rows, N) = in (rows, K) · weight (N, K)ᵀ, each thread its rows; GFLOP/s.
template <typename T>
double productRate(Parallel& parallel, std::int64_t rows, std::int64_t K, std::int64_t N)
{
    const Room<T> in(rows, K);
    const Room<T> weight(N, K);
    const Room<float> out(rows, N);
    const double seconds = bestOf([&] {
        parallel.forSlices(rows, 32, [&](std::int64_t begin, std::int64_t end, int) {
            multiplyTransposed(out.matrix.rowsBetween(begin, end), Matrix<const T>(in.matrix.rowsBetween(begin, end)),
                Matrix<const T>(weight.matrix), Into::Overwrite);
        });
    });
    return 2e-9 * static_cast<double>(rows * K * N) / seconds;
}

double memoryRate(Parallel& parallel)
{
    Room<float> from(1, std::int64_t { 1 } << 26);
    Room<float> to(1, std::int64_t { 1 } << 26);
    const double seconds = bestOf([&] {
        parallel.forSlices(from.matrix.columns, 1024, [&](std::int64_t begin, std::int64_t end, int) {
            for (std::int64_t i = begin; i < end; ++i) {
                to.matrix.data[i] = from.matrix.data[i] * 1.5F;
            }
        });
    });
    return 2e-9 * static_cast<double>(from.numbers.size() * sizeof(float)) / seconds;
}

Roof measureRoof(Parallel& parallel)
{
    Roof roof;
    // Every shape that is measured below too: a share of the roof is never above 100 %, but for noise.
    for (const auto& [K, N] : std::array<std::pair<std::int64_t, std::int64_t>, 8> { { { 576, 576 }, { 576, 960 },
             { 576, 3072 }, { 1536, 576 }, { 320, 2048 }, { 1024, 1024 }, { 2048, 2048 }, { 576, 49152 } } }) {
        roof.f32 = std::max(roof.f32, productRate<float>(parallel, 1024, K, N));
        roof.bf16 = std::max(roof.bf16, productRate<Bf16>(parallel, 1024, K, N));
    }
    roof.memory = memoryRate(parallel);
    return roof;
}

void print(const char* kernel, const char* unit, double value, double roof)
{
    nlohmann::ordered_json line;
    line["kernel"] = kernel;
    line[unit] = std::round(value * 10) / 10;
    line["of_roof"] = roof > 0 ? std::round(value / roof * 1000) / 1000 : 0;
    std::printf("%s\n", line.dump().c_str());
}

/// Bytes that have to move at least, against the memory's rate. What stays in a cache may be above it.
void printTraffic(const char* kernel, double bytes, const Roof& roof, const std::function<void()>& body)
{
    print(kernel, "gb_per_s", bytes * 1e-9 / bestOf(body), roof.memory);
}

constexpr std::int64_t kRows = 1024;
constexpr std::int64_t kHidden = 576;
constexpr std::int64_t kGates = 1536;
constexpr std::int64_t kVocabulary = 49152;

void measureElementwise(Parallel& parallel, const Roof& roof)
{
    Room<float> in(kRows, kHidden);
    Room<float> out(kRows, kHidden);
    Room<float> weight(1, kHidden);
    Room<float> inverse(1, kRows);
    printTraffic("rms_norm", 8.0 * kRows * kHidden, roof, [&] {
        parallel.forSlices(kRows, 16, [&](std::int64_t begin, std::int64_t end, int) {
            model::rmsNormForward<float>(out.matrix.rowsBetween(begin, end), inverse.matrix.data + begin,
                in.matrix.rowsBetween(begin, end), { weight.matrix.data, 1e-5 });
        });
    });
    Room<float> gates(kRows, 2 * kGates);
    Room<float> activated(kRows, kGates);
    printTraffic("swiglu", 12.0 * kRows * kGates, roof, [&] {
        parallel.forSlices(kRows, 16, [&](std::int64_t begin, std::int64_t end, int) {
            model::swiGluForward<float>(activated.matrix.rowsBetween(begin, end), gates.matrix.rowsBetween(begin, end));
        });
    });
    Room<Bf16> narrow(kRows, kGates);
    printTraffic("narrow", 6.0 * kRows * kGates, roof, [&] {
        parallel.forSlices(kRows, 16, [&](std::int64_t begin, std::int64_t end, int) {
            narrowRows(narrow.matrix.rowsBetween(begin, end), activated.matrix.rowsBetween(begin, end));
        });
    });
    constexpr std::int64_t kFewRows = 128;
    Room<float> logits(kFewRows, kVocabulary);
    const std::vector<std::int32_t> targets(kFewRows, 7);
    std::vector<double> losses(kFewRows);
    std::vector<double> sums(kFewRows);
    printTraffic("cross_entropy", 12.0 * kFewRows * kVocabulary, roof, [&] {
        parallel.forSlices(kFewRows, [&](std::int64_t begin, std::int64_t end, int) {
            model::crossEntropyForward<float>(logits.matrix.rowsBetween(begin, end), targets.data() + begin,
                losses.data() + begin, sums.data() + begin);
        });
    });
}

void measureAdamW(Parallel& parallel, const Roof& roof)
{
    model::ModelConfig config;
    config.hidden = kHidden;
    config.layers = 1;
    config.heads = 9;
    config.kvHeads = 3;
    config.headDim = 64;
    config.intermediate = kGates;
    config.vocabulary = kVocabulary;
    config.tiedHead = true;
    const auto layout = model::ParameterLayout::of(config);
    const std::int64_t count = layout.blockSize();
    Room<float> parameters(1, count);
    Room<float> gradients(1, count);
    Room<float> first(1, count);
    Room<float> second(1, count);
    const train::AdamW adam(layout, {});
    printTraffic("adamw", 32.0 * static_cast<double>(count), roof, [&] {
        adam.step({ parameters.numbers, gradients.numbers, first.numbers, second.numbers }, 1, 1e-4, 1, parallel);
    });
}

/// Causal attention of one sequence of the SmolLM shape; counted are the products that the mask lets see.
void measureAttention(Parallel& parallel, const Roof& roof)
{
    constexpr std::int64_t kT = 256;
    const model::HeadShape shape { 9, 3, 64 };
    const Room<float> qkv(kT, shape.width());
    const Room<float> out(kT, shape.heads * shape.headDim);
    Room<float> scores(model::AttentionScratch<float>::kBlockRows, kT);
    const double flops = 4.0 * static_cast<double>(shape.heads * shape.headDim) * kT * (kT + 1) / 2;
    const double seconds = bestOf([&] {
        for (std::int64_t head = 0; head < shape.kvHeads; ++head) {
            model::attentionForward<float>(out.matrix, qkv.matrix, shape, head, { scores.matrix, {} });
        }
    });
    print("attention, one thread", "gflop_per_s", flops * 1e-9 / seconds, roof.f32 / parallel.threads());
}

} // namespace

int runKernelBench(const Arguments& arguments)
{
    const bool roofAlone = !arguments.empty() && arguments[0] == "--roof";
    if (arguments.size() > 1 || (arguments.size() == 1 && !roofAlone)) {
        std::fputs("usage: dubito-bench kernels [--roof]\n", stderr);
        return 2;
    }
    Parallel parallel(0);
    const Roof roof = measureRoof(parallel);
    nlohmann::ordered_json line;
    line["roof_f32_gflop_per_s"] = std::round(roof.f32);
    line["roof_bf16_gflop_per_s"] = std::round(roof.bf16);
    line["roof_memory_gb_per_s"] = std::round(roof.memory * 10) / 10;
    line["f32"] = model::amxServesFloat() ? "AMX" : model::productLibrary();
    line["bf16"] = model::bf16Instructions();
    line["threads"] = parallel.threads();
    std::printf("%s\n", line.dump().c_str());
    if (!roofAlone) {
        for (const auto& [K, N] : std::array<std::pair<std::int64_t, std::int64_t>, 4> {
                 { { 576, 960 }, { 576, 576 }, { 576, 3072 }, { 1536, 576 } } }) {
            const std::string name = std::to_string(K) + " x " + std::to_string(N);
            print(("product f32 " + name).c_str(), "gflop_per_s", productRate<float>(parallel, kRows, K, N), roof.f32);
            print(("product bf16 " + name).c_str(), "gflop_per_s", productRate<Bf16>(parallel, kRows, K, N), roof.bf16);
        }
        measureAttention(parallel, roof);
        measureElementwise(parallel, roof);
        measureAdamW(parallel, roof);
    }
    return 0;
}

} // namespace dubito::bench
