// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace CLI {
class App;
}

namespace dubito::app {

/// `text` for a terminal: line breaks and tabs stay, other control characters (a model may say anything) become U+FFFD, so
/// that no text can command the terminal.
std::string harmless(std::string_view text);

/// Adds `generate`: text from a model, in the terminal; with --compare from two models side by side. `exitCode` is set when
/// it was asked for, and must outlive `program`.
void addGenerateCommand(CLI::App& program, int& exitCode);

} // namespace dubito::app
