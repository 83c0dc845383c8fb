// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/tokenizer/Tokenizer.h"
#include "backend/tokenizer/Utf8.h"
#include "tests/oracle/Oracle.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace dubito::oracle {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using tokenizer::SpecialTokens;
using tokenizer::Tokenizer;
using Ids = std::vector<std::int32_t>;

/// The first difference and its neighbourhood: enough to see what was cut or merged otherwise.
std::string difference(const Ids& wanted, const Ids& got)
{
    const auto [w, g] = std::ranges::mismatch(wanted, got);
    const auto at = w - wanted.begin();
    const auto from = static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, at - 2));
    const auto shown = [&](const Ids& ids) {
        const auto rest = std::span(ids).subspan(std::min(from, ids.size()));
        return fmt::format("{}", fmt::join(rest.first(std::min<std::size_t>(8, rest.size())), " "));
    };
    return fmt::format("from id {} on: wanted [{}], got [{}] ({} and {} ids)", from, shown(wanted), shown(got),
        wanted.size(), got.size());
}

class Cases {
public:
    explicit Cases(fs::path folder)
        : m_folder(std::move(folder))
    {
    }

    void expectIds(KindReport& report, const std::string& text, const Ids& wanted, const Ids& got) const
    {
        if (wanted != got) {
            report.fail(fmt::format("{}: \"{}\" {}", name(), text.substr(0, 60), difference(wanted, got)));
        }
    }

    void expectText(KindReport& report, const Ids& ids, const std::string& wanted, const std::string& got) const
    {
        if (wanted != got) {
            const auto shown = std::span(ids).first(std::min<std::size_t>(16, ids.size()));
            report.fail(fmt::format("{}: [{}] wanted \"{}\", got \"{}\"", name(), fmt::join(shown, " "),
                wanted.substr(0, 80), got.substr(0, 80)));
        }
    }

    std::string name() const { return m_folder.filename().string(); }

private:
    fs::path m_folder;
};

using CheckRow = void (*)(KindReport&, const Tokenizer&, const Cases&, const json& row);

/// Runs one function on every row of `file` of every tokenizer.
KindReport checkRows(const fs::path& oracle, const std::string& file, CheckRow check)
{
    KindReport report;
    for (const auto& folder : foldersIn(oracle / "tokenizers")) {
        const json rows = readJson(folder / file);
        report.found += static_cast<int>(rows.size());
        report.checked += static_cast<int>(rows.size());
        const auto tokenizer = Tokenizer::load(folder / "tokenizer.json");
        if (!tokenizer) {
            report.fail(toText(tokenizer.error()));
            continue;
        }
        const Cases cases(folder);
        for (const json& row : rows) {
            check(report, *tokenizer, cases, row);
        }
    }
    return report;
}

void checkEncode(KindReport& report, const Tokenizer& tokenizer, const Cases& cases, const json& row)
{
    const auto text = row.at("text").get<std::string>();
    const auto ids = row.at("ids").get<Ids>();
    const auto decoded = row.value("decoded", text);
    cases.expectIds(report, text, ids, tokenizer.encode(text, SpecialTokens::Without));
    cases.expectIds(report, text, row.value("ids_with_special", ids), tokenizer.encode(text, SpecialTokens::With));
    cases.expectText(report, ids, decoded, tokenizer.decode(ids, SpecialTokens::With));
    cases.expectText(
        report, ids, row.value("decoded_skip_special", decoded), tokenizer.decode(ids, SpecialTokens::Without));
}

void checkDecode(KindReport& report, const Tokenizer& tokenizer, const Cases& cases, const json& row)
{
    const auto ids = row.at("ids").get<Ids>();
    const auto decoded = row.at("decoded").get<std::string>();
    cases.expectText(report, ids, decoded, tokenizer.decode(ids, SpecialTokens::With));
    cases.expectText(
        report, ids, row.value("decoded_skip_special", decoded), tokenizer.decode(ids, SpecialTokens::Without));
}

std::string fnv1a(const Ids& ids)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const std::int32_t id : ids) {
        for (unsigned shift = 0; shift < 32; shift += 8) {
            hash = (hash ^ (static_cast<std::uint32_t>(id) >> shift & 0xFF)) * 0x100000001b3U;
        }
    }
    return fmt::format("{:016x}", hash);
}

void checkLong(KindReport& report, const Tokenizer& tokenizer, const Cases& cases, const json& row)
{
    const auto unit = row.at("unit").get<std::string>();
    std::string text;
    for (int i = 0; i < row.at("count").get<int>(); ++i) {
        text += unit;
    }
    const Ids ids = tokenizer.encode(text, SpecialTokens::Without);
    const auto head = row.at("head").get<Ids>();
    const auto tail = row.at("tail").get<Ids>();
    const bool isSame = ids.size() == row.at("n_ids").get<std::size_t>() && ids.size() >= head.size()
        && std::equal(head.begin(), head.end(), ids.begin()) && std::equal(tail.rbegin(), tail.rend(), ids.rbegin());
    if (!isSame || fnv1a(ids) != row.at("fnv1a64").get<std::string>()) {
        report.fail(fmt::format("{}: \"{}\" repeated {} times: wanted {} ids, got {} others", cases.name(), unit,
            row.at("count").get<int>(), row.at("n_ids").get<int>(), ids.size()));
    }
}

void checkInvalidUtf8(KindReport& report, const Tokenizer& tokenizer, const Cases& cases, const json& row)
{
    const auto hex = row.at("bytes_hex").get<std::string>();
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    }
    const Ids got = tokenizer.encode(bytes, SpecialTokens::Without);
    cases.expectText(report, got, row.at("replaced").get<std::string>(), tokenizer::repaired(bytes));
    cases.expectIds(report, hex, row.at("ids_of_replaced").get<Ids>(), got);
}

/// The file is an array whose index is the id, so that a row alone does not say which it is.
KindReport checkSingleIds(const fs::path& oracle)
{
    KindReport report;
    for (const auto& folder : foldersIn(oracle / "tokenizers")) {
        const auto texts = readJson(folder / "decode_single_ids.json").get<std::vector<std::string>>();
        report.found += static_cast<int>(texts.size());
        report.checked += static_cast<int>(texts.size());
        const auto tokenizer = Tokenizer::load(folder / "tokenizer.json");
        if (!tokenizer) {
            report.fail(toText(tokenizer.error()));
            continue;
        }
        const Cases cases(folder);
        for (std::size_t id = 0; id < texts.size(); ++id) {
            const Ids ids { static_cast<std::int32_t>(id) };
            cases.expectText(report, ids, texts[id], tokenizer->decode(ids, SpecialTokens::With));
        }
        if (tokenizer->vocabularySize() != static_cast<std::int64_t>(texts.size())) {
            report.fail(fmt::format("{}: {} ids, got {}", cases.name(), texts.size(), tokenizer->vocabularySize()));
        }
    }
    return report;
}

} // namespace

void addTokenizerKinds(std::vector<Kind>& kinds)
{
    const auto rows = [](const char* file, CheckRow check) {
        return [file, check](const fs::path& oracle) { return checkRows(oracle, file, check); };
    };
    kinds.push_back({ "tokenizer encode", rows("encode_cases.json", checkEncode) });
    kinds.push_back({ "tokenizer decode", rows("decode_cases.json", checkDecode) });
    kinds.push_back({ "tokenizer single ids", checkSingleIds });
    kinds.push_back({ "tokenizer long", rows("long_cases.json", checkLong) });
    kinds.push_back({ "tokenizer invalid utf-8", rows("invalid_utf8_cases.json", checkInvalidUtf8) });
}

} // namespace dubito::oracle
