// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "ui/Panel.h"
#include "ui/Symbol.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

class QFrame;
class QHBoxLayout;
class QLabel;

namespace dubito::ui {

enum class BannerStep : std::uint8_t { ShowEvidence, StopDrill, Resume, Stop, ShowConfig, Dismiss };

/// What must be said now, above everything else.
struct BannerText {
    std::string id; ///< the same occasion has the same id: once dismissed it stays away
    Symbol symbol = Symbol::Warn;
    Tone tone = Tone::Warn;
    QString title;
    QString text;
    std::vector<BannerStep> steps;
};

/// The gravest occasion of this snapshot, or nothing. Pure. In this order: failed, gave up, retained, act, a pause with a
/// reason, a file that changed outside, a note.
std::optional<BannerText> bannerOf(const session::Snapshot& snapshot);

/// Cause and action in one place; comes with an occasion and goes with it, or when it is dismissed.
class Banner final : public Panel {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

signals:
    void commandWanted(const dubito::session::Command& command);
    void evidenceWanted();
    void configWanted();

private:
    void fill(const BannerText& text);
    void addButton(BannerStep step);
    void take(BannerStep step);

    QFrame* m_frame;
    SymbolLabel* m_symbol;
    QLabel* m_title;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
    std::optional<BannerText> m_shown;
    std::string m_dismissed;
};

} // namespace dubito::ui
