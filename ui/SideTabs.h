// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <cstdint>
#include <vector>

class QBoxLayout;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QToolButton;

namespace dubito::ui {

class Panel;

/// The side panels as tabs. Wide: tabs on top. Folded: a vertical row of tabs, and a click opens or closes a panel.
/// Enlarged, in either shape: tabs on top, and all the room there is; a button or Esc leads back.
class SideTabs final : public QWidget {
    Q_OBJECT

public:
    enum class Shape : std::uint8_t { Wide, Folded };
    enum class Mark : std::uint8_t { None, Problem };

    explicit SideTabs(QWidget* parent = nullptr);

    /// Takes ownership.
    void add(Panel* panel, const QString& title);
    void setShape(Shape shape);
    void setMark(Panel* panel, Mark mark);
    /// MainWindow gives the room; this is about the looks.
    void setEnlarged(bool enlarged);
    bool isEnlarged() const { return m_isEnlarged; }
    /// Opens it, whatever the shape.
    void open(Panel* panel);
    void openAt(int index);
    /// The same without opening what is folded away; an index that is none changes nothing.
    void choose(int index);
    int index() const;

    /// The panel that can be seen; null while folded away.
    Panel* openPanel() const;

signals:
    /// Another panel became visible and wants the present snapshot.
    void opened(dubito::ui::Panel* panel);
    void enlargeWanted();
    void backWanted();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void makeButtons();
    void arrange();
    void clicked(int index);

    Shape m_shape = Shape::Wide;
    bool m_isOpen = true;
    bool m_isEnlarged = false;
    QWidget* m_head;
    QBoxLayout* m_headLine;
    QTabBar* m_bar;
    QToolButton* m_enlarge;
    QPushButton* m_back;
    QStackedWidget* m_pages;
    std::vector<Panel*> m_panels; ///< children of m_pages, one per tab
};

} // namespace dubito::ui
