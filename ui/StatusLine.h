// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/SnapshotSignals.h"
#include "ui/Symbol.h"

#include <QStatusBar>

#include <cstdint>
#include <vector>

namespace dubito::ui {

class TextLabel;

enum class Sleep : std::uint8_t { Allowed, Inhibited };

/// The line at the foot: memory, leak in words, speed, last save, and what the window itself costs.
class StatusLine final : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot, const WindowCost& cost, Sleep sleep);

    /// A sentence for a few seconds: why a command was refused.
    void say(const QString& sentence);

private:
    struct Item {
        QWidget* box = nullptr;
        TextLabel* text = nullptr;
    };
    Item add(const char* name);
    void displayLeak(const session::Snapshot& snapshot);
    static void fill(const Item& item, const QString& caption, const QString& value);

    Item m_resident;
    Item m_free;
    SymbolLabel* m_leakSymbol;
    Item m_leak;
    Item m_speed;
    Item m_saved;
    Item m_lag;
    Item m_cost;
    Item m_sleep;
};

} // namespace dubito::ui
