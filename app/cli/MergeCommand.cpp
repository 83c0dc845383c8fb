// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/MergeCommand.h"

#include "app/cli/WorkProgress.h"
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/SignalDescriptor.h"
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"
#include "backend/session/AdapterMerge.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <map>
#include <memory>

namespace dubito::app {

namespace {

struct MergeFlags {
    std::string adapter;
    std::string base;
    std::string output;
    std::string dtype = "keep";
    double shardGb = 5;
};

const std::map<std::string, std::optional<model::Dtype>> kDtypes { { "keep", std::nullopt },
    { "f32", model::Dtype::F32 }, { "bf16", model::Dtype::BF16 }, { "f16", model::Dtype::F16 } };

void report(const MergeFlags& flags, const session::MergeReport& made)
{
    for (const std::string& note : made.notes) {
        say(stderr, "note: {}\n", note);
    }
    say(stdout, "{}: the adapter of rank {} on {} is merged into {} tensors of {}; {:.1f} MiB of weights\n", flags.output,
        made.lora.rank, model::toText(made.lora.targets), countToText(made.adapted), made.base.string(),
        static_cast<double>(made.bytes) / (1 << 20));
    if (made.lost > 0) {
        say(stdout, "rounding changes what the adapter adds by {:.2g} %{}\n", 100 * made.lost,
            made.lost > 0.1 ? "; --dtype f32 keeps all of it" : "");
    }
}

int merge(const MergeFlags& flags)
{
    memory::settleHeap();
    const auto signals = SignalDescriptor::create();
    if (!signals) {
        return tell(signals.error());
    }
    std::stop_source stop;
    const SystemClock clock;
    WorkProgress progress(Progress::detectForm(), clock);
    const auto made = session::mergeAdapter({ .named = { flags.adapter, flags.base },
        .output = flags.output,
        .dtype = kDtypes.at(flags.dtype),
        .largestFile = static_cast<std::uint64_t>(flags.shardGb * 1e9),
        .stop = stop.get_token(),
        .onProgress = [&](const std::string& activity, double share) {
            progress.show(activity, share);
            stopOnSignal(*signals, stop);
        } });
    progress.finish();
    if (!made) {
        const int exitCode = tell(made.error());
        return stop.stop_requested() ? toInt(ExitCode::Stopped) : exitCode;
    }
    report(flags, *made);
    return toInt(ExitCode::Done);
}

} // namespace

void addMergeCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand("merge", "Adds an adapter into its base: a whole model folder for other tools.");
    const auto flags = std::make_shared<MergeFlags>();
    command->add_option("ADAPTER", flags->adapter, "The adapter: a folder of PEFT, or a checkpoint of a run with --lora-rank.")
        ->type_name("ADAPTER")->required();
    command->add_option("--base", flags->base, "What it stands on; without it, what its adapter_config.json says.")
        ->type_name("DIR");
    command->add_option("--output", flags->output, "The new folder.")->type_name("DIR")->required();
    command->add_option("--dtype", flags->dtype, "How numbers are stored: as in the base (keep), f32, bf16 or f16.")
        ->check(CLI::IsMember({ "keep", "f32", "bf16", "f16" }))->capture_default_str();
    command->add_option("--shard-gb", flags->shardGb, "Weights are cut into files of so many GB (10^9 bytes).")
        ->check(CLI::Range(0.001, 1e6))->capture_default_str();
    command->callback([flags, &exitCode] { exitCode = merge(*flags); });
}

} // namespace dubito::app
