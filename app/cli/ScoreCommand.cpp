// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/ScoreCommand.h"

#include "app/cli/WorkProgress.h"
#include "app/common/ConfigOptions.h"
#include "app/common/Console.h"
#include "app/common/ExitCode.h"
#include "app/common/Tell.h"
#include "backend/base/Text.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <optional>

namespace dubito::app {

namespace {

using Json = nlohmann::ordered_json;

double mean(double sum, std::int64_t count) { return count > 0 ? sum / static_cast<double>(count) : 0.0; }

/// Where the lines go: a file of their own, or a stream.
class Lines {
public:
    static Result<Lines> open(const ScoreQuestion& question, std::ostream& out)
    {
        Lines lines(question.text, out);
        if (!question.output.empty()) {
            auto file = provenance::ScoreFile::create(question.output, question.text);
            if (!file) {
                return file.error();
            }
            lines.m_file.emplace(std::move(*file));
        }
        return lines;
    }

    Result<void> add(const data::Document& document, const provenance::Score& score)
    {
        if (m_file) {
            return m_file->add(document, score);
        }
        *m_out << provenance::toJsonLine(document, score, m_text) << '\n';
        return checked();
    }

    Result<void> close()
    {
        if (m_file) {
            return m_file->close();
        }
        m_out->flush();
        return checked();
    }

private:
    Lines(provenance::ScoreText text, std::ostream& out) : m_text(text), m_out(&out) { }

    Result<void> checked() const
    {
        if (!*m_out) {
            return Error { ErrorCode::Output, "the scores could not be written", "standard output" };
        }
        return {};
    }

    provenance::ScoreText m_text;
    std::ostream* m_out;
    std::optional<provenance::ScoreFile> m_file;
};

/// A file that is not there: the sentence ends with what is wanted.
Error withWanted(Error error)
{
    if (error.code == ErrorCode::NotFound) {
        error.message += "; name a JSONL file, or a folder of them";
    }
    return error;
}

struct ScoreFlags {
    ConfigOptions config;
    std::string corpus;
    std::string output;
    bool withText = false;
    bool json = false;
};

int score(const ScoreFlags& flags)
{
    // A file-size limit is an Error that names the file, not a kill.
    std::signal(SIGXFSZ, SIG_IGN);
    const auto layered = layersOf(toSources(flags.config));
    if (!layered) {
        return tell(layered.error());
    }
    const SystemClock clock;
    WorkProgress progress(Progress::detectForm(), clock);
    const auto scored = scoreCorpus({ .config = layered->config,
                                        .corpus = flags.corpus,
                                        .output = flags.output,
                                        .text = flags.withText ? provenance::ScoreText::With : provenance::ScoreText::Without },
        std::cout, [&](double share) { progress.show("scores " + escaped(flags.corpus), share); });
    progress.finish();
    if (!scored) {
        return tell(withWanted(scored.error()));
    }
    for (const data::LineProblem& problem : scored->report.problems) {
        say(stderr, "skipped {}:{}: {}\n", problem.file, problem.line, problem.reason);
    }
    if (flags.json) {
        // The lines may be on standard output: what sums them up must not stand among them.
        say(flags.output.empty() ? stderr : stdout, "{}\n", scored->summary.toJson(scored->report));
    } else {
        say(stderr, "{}\n{}", data::toText(scored->report), scored->summary.toText());
    }
    return toInt(ExitCode::Done);
}

} // namespace

void ScoreSummary::add(const provenance::Score& score)
{
    const bool isKnown = m_classes.contains(score.sourceClass) || m_classes.size() < kMostClasses;
    for (Sums* sums : { &m_all, &m_classes[isKnown ? score.sourceClass : std::string("other")] }) {
        ++sums->count;
        sums->authority += score.authority;
        sums->entropy += score.entropy;
    }
    m_authorities = { std::min(m_authorities[0], score.authority), std::max(m_authorities[1], score.authority) };
    m_entropies = { std::min(m_entropies[0], score.entropy), std::max(m_entropies[1], score.entropy) };
}

std::string ScoreSummary::toText() const
{
    if (m_all.count == 0) {
        return "no document was scored\n";
    }
    std::string text = fmt::format("authority {:.3f} ({:.3f} to {:.3f}), entropy {:.3f} ({:.3f} to {:.3f})\n",
        mean(m_all.authority, m_all.count), m_authorities[0], m_authorities[1], mean(m_all.entropy, m_all.count),
        m_entropies[0], m_entropies[1]);
    for (const auto& [name, sums] : m_classes) {
        text += fmt::format("  {:<20} {:>10}  authority {:.3f}  entropy {:.3f}\n", escaped(name), countToText(sums.count),
            mean(sums.authority, sums.count), mean(sums.entropy, sums.count));
    }
    return text;
}

std::string ScoreSummary::toJson(const data::ReadReport& report) const
{
    Json classes = Json::object();
    for (const auto& [name, sums] : m_classes) {
        classes[name] = { { "documents", sums.count }, { "authority", mean(sums.authority, sums.count) },
            { "entropy", mean(sums.entropy, sums.count) } };
    }
    const Json all { { "summary", true }, { "documents", m_all.count }, { "refused", report.refused },
        { "authority", mean(m_all.authority, m_all.count) }, { "entropy", mean(m_all.entropy, m_all.count) },
        { "classes", classes } };
    return all.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Scored> scoreCorpus(
    const ScoreQuestion& question, std::ostream& out, const std::function<void(double share)>& onProgress)
{
    auto reader = data::JsonlReader::open(question.corpus, question.config.data);
    if (!reader) {
        return reader.error();
    }
    auto lines = Lines::open(question, out);
    if (!lines) {
        return lines.error();
    }
    const provenance::Scorer scorer(question.config.provenance);
    Scored scored;
    data::Document document;
    for (;;) {
        const auto step = reader->next(document);
        if (!step) {
            return step.error();
        }
        if (*step == data::JsonlReader::Step::End) {
            break;
        }
        if (*step == data::JsonlReader::Step::Document) {
            const provenance::Score score = scorer.score(document);
            scored.summary.add(score);
            if (auto added = lines->add(document, score); !added) {
                return added.error();
            }
        }
        onProgress(reader->report().progress());
    }
    scored.report = reader->report();
    if (auto some = data::requireDocuments(scored.report, question.corpus); !some) {
        return some.error();
    }
    if (auto closed = lines->close(); !closed) {
        return closed.error();
    }
    return scored;
}

void addScoreCommand(CLI::App& program, int& exitCode)
{
    auto* command = program.add_subcommand(
        "score", "Authority and provenance entropy of every document, with the rules and words they come from, as JSONL.");
    const auto flags = std::make_shared<ScoreFlags>();
    command->add_option("FILE", flags->corpus, "A JSONL file, or a folder of them.")->required();
    command->add_option("--output", flags->output, "Where the scores go; without it to standard output.")->type_name("OUT.jsonl");
    command->add_flag("--with-text", flags->withText, "Each line carries its text too, so that the file can be trained on.");
    command->add_flag("--json", flags->json, "The summary as JSON.");
    command->add_option("--config", flags->config.file, "A configuration file (YAML): names of fields, provenance rules.")
        ->type_name("FILE");
    addSetOption(*command, flags->config);
    command->callback([flags, &exitCode] { exitCode = score(*flags); });
}

} // namespace dubito::app
