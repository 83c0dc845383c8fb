// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/Panel.h"
#include "ui/Symbol.h"

#include <QString>

#include <array>
#include <utility>

namespace dubito::ui {

class TextLabel;

/// What the guardian of the memory says: a state, and four facts that fit it.
struct GuardianText {
    Symbol symbol = Symbol::Idle;
    Tone tone = Tone::Quiet;
    QString word; ///< "OK"
    QString rest; ///< "nothing is due"
    std::array<std::pair<QString, QString>, 4> facts;
};

/// Pure.
GuardianText guardianOf(const session::Snapshot& snapshot);

/// The box under the health table: what the memory guardian does, did and will do.
class GuardianCard final : public Panel {
    Q_OBJECT

public:
    explicit GuardianCard(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;

private:
    SymbolLabel* m_symbol;
    TextLabel* m_state;
    std::array<std::pair<TextLabel*, TextLabel*>, 4> m_facts {};
};

} // namespace dubito::ui
