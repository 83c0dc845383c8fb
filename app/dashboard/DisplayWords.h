// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

/// While it lives, a display that cannot be opened ends the program with a sentence and exit code 2: the toolkit itself would
/// abort. For the birth of QApplication; main thread, one at a time.
class DisplayWords {
public:
    DisplayWords();
    ~DisplayWords();

    DisplayWords(const DisplayWords&) = delete;
    DisplayWords& operator=(const DisplayWords&) = delete;

private:
    QtMessageHandler m_before;
};
