// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/Oracle.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

namespace dubito::oracle {

void KindReport::fail(std::string sentence)
{
    constexpr std::size_t kShown = 50;
    if (failures.size() < kShown) {
        failures.push_back(std::move(sentence));
    } else if (failures.size() == kShown) {
        failures.emplace_back("… and more");
    }
}

void KindReport::expectNear(const std::string& what, double wanted, double got, double limit)
{
    if (!(std::abs(got - wanted) <= limit * std::max(1e-30, std::abs(wanted)))) {
        fail(fmt::format("{}: wanted {}, got {}", what, wanted, got));
    }
}

nlohmann::json readJson(const std::filesystem::path& file)
{
    std::ifstream in(file);
    if (!in) {
        throw std::runtime_error(file.string() + " cannot be read");
    }
    return nlohmann::json::parse(in);
}

std::vector<std::filesystem::path> foldersIn(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> found;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.is_directory()) {
                found.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder, const std::string& extension)
{
    std::vector<std::filesystem::path> found;
    if (std::filesystem::is_directory(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder)) {
            if (entry.is_regular_file() && entry.path().extension() == extension) {
                found.push_back(entry.path());
            }
        }
    }
    std::ranges::sort(found);
    return found;
}

double tolerance(const std::filesystem::path& oracle, const std::string& key, double otherwise)
{
    const auto file = oracle / "tolerances.json";
    return std::filesystem::exists(file) ? readJson(file).value(key, otherwise) : otherwise;
}

} // namespace dubito::oracle
