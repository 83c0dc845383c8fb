// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/GenerateCommand.h"

#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/memory/HeapSettings.h"
#include "backend/memory/TensorPool.h"
#include "backend/model/AdapterFile.h"
#include "backend/session/TextGenerator.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <unistd.h>

namespace dubito::app {

namespace {

constexpr std::size_t kLargestPrompt = std::size_t { 16 } << 20;

struct GenerateFlags {
    std::string model;
    std::string base; ///< of an adapter
    std::vector<std::string> compared; ///< two: base, checkpoint
    std::string prompt;
    std::string promptFile;
    session::GenerationRules rules;
    std::int64_t seed = 42;
    int threads = 0;
    bool greedy = false;
    bool json = false;
};

Result<std::string> promptOf(const GenerateFlags& flags)
{
    if (flags.promptFile.empty()) {
        return flags.prompt;
    }
    if (flags.promptFile == "-") {
        std::string text;
        for (char c = 0; text.size() <= kLargestPrompt && std::cin.get(c);) {
            text += c;
        }
        if (text.size() > kLargestPrompt) {
            return Error { ErrorCode::Usage, "the prompt is longer than 16 MiB; no model reads so much", "standard input" };
        }
        return text;
    }
    return readText(flags.promptFile, kLargestPrompt);
}

enum class Voice : std::uint8_t { Aloud, Silent };

/// Where the text of one model goes, and how.
class Speech {
public:
    explicit Speech(Voice voice)
        : m_voice(voice)
        , m_isTerminal(::isatty(STDOUT_FILENO) == 1)
    {
    }

    void say(std::string_view piece) const
    {
        if (m_voice == Voice::Aloud) {
            std::cout << (m_isTerminal ? harmless(piece) : std::string(piece)) << std::flush;
        }
    }

    void endLine() const { say("\n"); }

private:
    Voice m_voice;
    bool m_isTerminal;
};

nlohmann::ordered_json toJson(const std::string& folder, const session::Generation& made)
{
    return { { "model", folder }, { "text", made.text }, { "prompt_tokens", made.promptTokens }, { "tokens", made.tokens },
        { "end", toWord(made.end) }, { "seconds", made.seconds } };
}

void printFacts(const session::Generation& made, std::int64_t contextTokens)
{
    const double speed = made.seconds > 0 ? static_cast<double>(made.tokens) / made.seconds : 0.0;
    say(stderr, "{} tokens after {}, {:.1f} tokens/s; {}\n", countToText(made.tokens),
        countToText(made.promptTokens), speed,
        made.end == session::GenerationEnd::EndToken        ? std::string("the model ended its text")
            : made.end == session::GenerationEnd::TokenLimit ? std::string("ended at --max-tokens")
                                                             : fmt::format("ended at the {} positions that the model sees",
                                                                   countToText(contextTokens)));
}

class Generating {
public:
    explicit Generating(const GenerateFlags& flags)
        : m_flags(flags)
        , m_parallel(flags.threads)
        , m_speech(flags.json ? Voice::Silent : Voice::Aloud)
    {
    }

    /// One model speaks; nothing of it stays.
    Result<nlohmann::ordered_json> speak(const std::string& folder, const std::string& prompt)
    {
        // Of two models that are compared, --base is for the one that stands on it.
        const bool takesBase = m_flags.compared.empty() || model::isAdapterFolder(folder);
        const auto model = session::loadModel({ folder, takesBase ? m_flags.base : std::string() }, m_pool);
        if (!model) {
            return model.error();
        }
        for (const std::string& note : model->notes) {
            say(stderr, "note: {}\n", note);
        }
        const auto made = session::generateText(*model, prompt, m_flags.rules, { m_pool, m_parallel, m_clock },
            [&](std::string_view piece) { m_speech.say(piece); });
        if (!made) {
            return made.error();
        }
        m_speech.endLine();
        printFacts(*made, made->promptTokens + made->tokens);
        return toJson(folder, *made);
    }

    const Speech& speech() const { return m_speech; }

private:
    const GenerateFlags& m_flags;
    memory::TensorPool m_pool;
    Parallel m_parallel;
    SystemClock m_clock;
    Speech m_speech;
};

Result<nlohmann::ordered_json> speakAll(const GenerateFlags& flags, const std::string& prompt)
{
    Generating generating(flags);
    if (flags.compared.empty()) {
        return generating.speak(flags.model, prompt);
    }
    nlohmann::ordered_json both { { "prompt", prompt } };
    constexpr std::array<const char*, 2> kNames { "base", "checkpoint" };
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        generating.speech().say(fmt::format("{}── {}: {}\n", i > 0 ? "\n" : "", kNames[i], flags.compared[i]));
        auto spoken = generating.speak(flags.compared[i], prompt);
        if (!spoken) {
            return spoken.error();
        }
        both[kNames[i]] = std::move(*spoken);
    }
    return both;
}

int generate(GenerateFlags& flags)
{
    memory::settleHeap();
    if (flags.model.empty() == flags.compared.empty()) {
        return tell({ ErrorCode::Usage,
            "one model is wanted: --model DIR, or two of them: --compare BASE CHECKPOINT", "generate" });
    }
    if (flags.greedy) {
        flags.rules.sampling.temperature = 0;
    }
    flags.rules.seed = static_cast<std::uint64_t>(flags.seed);
    const auto prompt = promptOf(flags);
    if (!prompt) {
        return tell({ ErrorCode::Usage, prompt.error().message, prompt.error().where });
    }
    const auto spoken = speakAll(flags, *prompt);
    if (!spoken) {
        return tell(spoken.error());
    }
    if (flags.json) {
        std::cout << spoken->dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n' << std::flush;
    }
    if (!std::cout) {
        return tell({ ErrorCode::Output, "the text could not be written", "standard output" });
    }
    return toInt(ExitCode::Done);
}

void addSampling(CLI::App& command, GenerateFlags& flags)
{
    auto& sampling = flags.rules.sampling;
    command.add_option("--max-tokens", flags.rules.maxTokens, "New tokens, at most.")
        ->check(CLI::Range(std::int64_t { 1 }, std::int64_t { 1'000'000 }))->capture_default_str();
    command.add_option("--temperature", sampling.temperature, "Below 1 surer, above 1 wilder; 0 is --greedy.")
        ->check(CLI::Range(0.0, 100.0))->capture_default_str();
    command.add_option("--top-k", sampling.topK, "Only the K likeliest tokens; 0: all.")
        ->check(CLI::Range(std::int64_t { 0 }, std::int64_t { 10'000'000 }))->capture_default_str();
    command.add_option("--top-p", sampling.topP, "Only the likeliest tokens that together have this share.")
        ->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command.add_option("--seed", flags.seed, "The same seed gives the same text.")
        ->check(CLI::NonNegativeNumber)->capture_default_str();
    command.add_flag("--greedy", flags.greedy, "Always the likeliest token.");
}

} // namespace

std::string harmless(std::string_view text)
{
    std::string safe;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool isControl = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f;
        // U+0080 to U+009F are control characters too, in two bytes.
        const bool isLongControl
            = byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0;
        if (isControl || isLongControl) {
            safe += "\xEF\xBF\xBD";
            i += isLongControl ? 1 : 0;
        } else {
            safe += text[i];
        }
    }
    return safe;
}

void addGenerateCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand("generate", "Text from a model: a checkpoint of a run, or any model folder.");
    const auto flags = std::make_shared<GenerateFlags>();
    command->add_option("--model", flags->model, "The model: a folder in Hugging Face layout, a checkpoint, or an adapter.")
        ->type_name("DIR");
    command->add_option("--base", flags->base, "What an adapter stands on; without it, what its adapter_config.json says.")
        ->type_name("DIR");
    command->add_option("--compare", flags->compared, "Two models go on with the same prompt, one after the other.")
        ->type_name("BASE CHECKPOINT")->expected(2);
    auto* prompt = command->add_option("--prompt", flags->prompt, "What the text goes on from.")->type_name("TEXT");
    auto* file = command->add_option("--prompt-file", flags->promptFile, "The same from a file; - is standard input.")
                     ->type_name("FILE");
    prompt->excludes(file);
    addSampling(*command, *flags);
    command->add_option("--threads", flags->threads, "Threads that compute; 0: one for each processor.")
        ->check(CLI::Range(0, 1024));
    command->add_flag("--json", flags->json, "Print one JSON object, when it is done.");
    command->callback([flags, &exitCode] { exitCode = generate(*flags); });
}

} // namespace dubito::app
