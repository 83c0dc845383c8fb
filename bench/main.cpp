// SPDX-License-Identifier: GPL-3.0-or-later
#include "bench/Benches.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

namespace {

using namespace dubito::bench;

struct Subcommand {
    std::string_view name;
    const char* help;
    int (*run)(const Arguments& arguments);
};

constexpr std::array kSubcommands {
    Subcommand { "train", "tokens per second of a training step, as one JSON line", runTrainStepBench },
    Subcommand { "model", "writes a model folder of random weights, for measurements of large models", runRandomModel },
    Subcommand { "scope", "what a MemoryScope costs, as JSON", runScopeBench },
    Subcommand { "leak", "the leak detector on streams it has not seen: false alarms, power, delay, cost", runLeakBench },
    Subcommand { "drills", "leak drills in the real trainer: who is blamed, and after how many steps", runDrillBench },
    Subcommand { "soak", "a long run without a leak: slope and drift of the resident set, and what watching costs", runSoakBench },
    Subcommand { "kernels", "the roof of this machine and the kernels beside it", runKernelBench },
    Subcommand { "recover", "two leaked gigabytes: what a reload and a restart give back, and how soon", runRecoverBench },
    Subcommand { "promises", "the numbers that the seed systems promised, measured beside them", runPromiseBench },
#ifdef DUBITO_BENCH_UI
    Subcommand { "ui", "what watching a run costs, as JSON", runUiBench },
#endif
};

int explain()
{
    std::fputs("usage: dubito-bench SUBCOMMAND [--name value ...]\n", stderr);
    for (const auto& subcommand : kSubcommands) {
        std::fprintf(stderr, "  %-10s %s\n", subcommand.name.data(), subcommand.help);
    }
    return 2;
}

} // namespace

int main(int count, char** words)
{
    if (count < 2) {
        return explain();
    }
    const auto* found = std::ranges::find(kSubcommands, std::string_view(words[1]), &Subcommand::name);
    if (found == kSubcommands.end()) {
        return explain();
    }
    return found->run(Arguments(words + 2, words + count));
}
