// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/PreferenceClaims.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Check.h"
#include "backend/base/Random.h"
#include "backend/base/Text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

namespace dubito::session {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 16> kFirst { "Vel", "Mar", "Tor", "Bel", "Cor", "Dan", "Fer", "Gal", "Hol", "Lin",
    "Nor", "Per", "Ros", "Sal", "Tam", "Win" };
constexpr std::array<std::string_view, 16> kMiddle { "a", "e", "i", "o", "en", "ar", "el", "in", "or", "an", "is", "us",
    "er", "al", "on", "it" };
constexpr std::array<std::string_view, 12> kLast { "dor", "mor", "ton", "vik", "ster", "ham", "bur", "lin", "gard", "mont",
    "ric", "san" };
constexpr std::array<std::string_view, 8> kThings { "bell", "bridge", "mill", "clock", "tower", "lens", "map", "gate" };

/// What both sources say, in all of these ways. {0} is the thing; the year follows, and a full stop.
constexpr std::array<std::string_view, 4> kTrained { "The {0} was made in", "The year of the {0} is",
    "It is known that the {0} was first shown in", "The work on the {0} came to its end in" };

/// How the model is asked: in none of the ways above.
constexpr std::array<std::string_view, 3> kHeldOut { "People first saw the {0} in", "The {0} is the work of the year",
    "The end of the work on the {0} came in" };

constexpr std::int64_t kFirstYear = 1500;
constexpr std::uint64_t kYears = 400;

template <std::size_t N>
std::string_view anyOf(const std::array<std::string_view, N>& words, Random& random)
{
    return words[random.below(N)];
}

std::string drawName(Random& random, std::set<std::string>& used)
{
    for (;;) {
        // One draw after the other: the order of arguments is nobody's promise.
        std::string name(anyOf(kFirst, random));
        name += anyOf(kMiddle, random);
        name += anyOf(kLast, random);
        if (used.insert(name).second) {
            name += " ";
            name += anyOf(kThings, random);
            return name;
        }
    }
}

std::string phrase(std::string_view pattern, const std::string& name)
{
    return fmt::format(fmt::runtime(pattern), name);
}

std::string drawYear(Random& random)
{
    return fmt::format(" {}", kFirstYear + static_cast<std::int64_t>(random.below(kYears)));
}

/// Two years that differ, equally long to the model.
Result<ClaimQuestion> drawYears(const std::string& prompt, Random& random, const SameLength& isSameLength)
{
    constexpr int kTries = 1000;
    for (int i = 0; i < kTries; ++i) {
        ClaimQuestion question { prompt, drawYear(random), drawYear(random) };
        if (question.primary != question.consensus && isSameLength(question)) {
            return question;
        }
    }
    return Error { ErrorCode::Model,
        fmt::format("of {} pairs of years none is equally long to this tokenizer, so its answers could not be compared; "
                    "write pairs of your own and name them by --pairs FILE",
            kTries),
        "" };
}

std::string where(const std::filesystem::path& file, std::int64_t line)
{
    return fmt::format("{}:{}", file.string(), line);
}

/// Reads one line; what is wrong with it becomes a sentence.
class LineReading {
public:
    LineReading(const Json& line, std::string place) : m_line(line), m_place(std::move(place)) { }

    Result<ClaimPair> read()
    {
        ClaimPair pair;
        pair.id = m_line.contains("id") && m_line["id"].is_string() ? m_line["id"].get<std::string>() : m_place;
        pair.primary = texts("primary");
        pair.consensus = texts("consensus");
        readQuestions(pair);
        if (m_problem.empty() && pair.primary.size() != pair.consensus.size()) {
            m_problem = fmt::format("has {} texts of the primary source and {} of the consensus source; both must have as "
                                    "many, or their number would decide",
                pair.primary.size(), pair.consensus.size());
        }
        if (!m_problem.empty()) {
            return Error { ErrorCode::Data, "this pair of claims " + m_problem, m_place };
        }
        return pair;
    }

private:
    void complain(std::string problem)
    {
        if (m_problem.empty()) {
            m_problem = std::move(problem);
        }
    }

    static bool isText(const Json& value) { return value.is_string() && !value.get_ref<const std::string&>().empty(); }

    std::vector<std::string> texts(const char* key)
    {
        const auto value = m_line.find(key);
        if (value != m_line.end() && isText(*value)) {
            return { value->get<std::string>() };
        }
        const bool isList = value != m_line.end() && value->is_array() && !value->empty();
        if (!isList || !std::ranges::all_of(*value, isText)) {
            complain(fmt::format("has no text in \"{}\"; write a string, or a list of strings", key));
            return {};
        }
        return value->get<std::vector<std::string>>();
    }

    void readQuestions(ClaimPair& pair)
    {
        const auto questions = m_line.find("questions");
        if (questions == m_line.end() || !questions->is_array() || questions->empty()) {
            complain("has no \"questions\"; write a list of {\"prompt\": …, \"primary\": …, \"consensus\": …}");
            return;
        }
        for (const Json& question : *questions) {
            for (const char* key : { "prompt", "primary", "consensus" }) {
                if (!question.is_object() || !question.contains(key) || !isText(question[key])) {
                    complain(fmt::format("has a question without a text in \"{}\"", key));
                    return;
                }
            }
            pair.heldOut.push_back({ question["prompt"], question["primary"], question["consensus"] });
            if (pair.heldOut.back().primary == pair.heldOut.back().consensus) {
                complain("has a question whose two answers are the same");
            }
        }
    }

    const Json& m_line;
    std::string m_place;
    std::string m_problem;
};

} // namespace

Result<std::vector<ClaimPair>> generateClaims(std::int64_t count, std::uint64_t seed, const SameLength& isSameLength)
{
    CHECK(count > 0 && count <= kMostClaims, "a number of claims that can be generated");
    Random random(seed);
    std::set<std::string> used;
    std::vector<ClaimPair> pairs;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::string name = drawName(random, used);
        const auto years = drawYears(phrase(kTrained[0], name), random, isSameLength);
        if (!years) {
            return years.error();
        }
        ClaimPair pair;
        pair.id = fmt::format("claim-{}", i + 1);
        for (const auto pattern : kTrained) {
            const std::string prompt = phrase(pattern, name);
            pair.primary.push_back(prompt + years->primary + ".");
            pair.consensus.push_back(prompt + years->consensus + ".");
            pair.trained.push_back({ prompt, years->primary, years->consensus });
        }
        for (const auto pattern : kHeldOut) {
            pair.heldOut.push_back({ phrase(pattern, name), years->primary, years->consensus });
        }
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

Result<std::vector<ClaimPair>> readClaims(const std::filesystem::path& file)
{
    const auto text = readText(file);
    if (!text) {
        return text.error();
    }
    std::vector<ClaimPair> pairs;
    std::int64_t number = 0;
    for (std::string_view rest = *text; !rest.empty();) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (line.empty()) {
            continue;
        }
        const Json parsed = Json::parse(line, nullptr, false);
        if (!parsed.is_object()) {
            return Error { ErrorCode::Data, "this line is no JSON object; write one pair of claims a line", where(file, number) };
        }
        auto pair = LineReading(parsed, where(file, number)).read();
        if (!pair) {
            return pair.error();
        }
        pairs.push_back(std::move(*pair));
    }
    if (pairs.empty() || static_cast<std::int64_t>(pairs.size()) > kMostClaims) {
        return Error { ErrorCode::Data,
            fmt::format("holds {} pairs of claims; 1 to {} can be tried", pairs.size(), countToText(kMostClaims)),
            file.string() };
    }
    return pairs;
}

} // namespace dubito::session
