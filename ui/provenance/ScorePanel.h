// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/session/Command.h"
#include "ui/Panel.h"

#include <QTimer>

#include <cstdint>

class QBoxLayout;
class QComboBox;
class QFrame;
class QLineEdit;
class QPushButton;
class QTableView;

namespace dubito::ui {

class CorpusStrip;
class DocumentCard;
class ScatterView;
class ScoreModel;
class TextLabel;

/// Why a document has its weight: pages of scored documents, and for the chosen one every rule that fired.
///
/// In the side it is a table above an explanation. Enlarged, the corpus as a whole and the scatter of authority against
/// entropy stand beside them. The backend holds the documents; this panel asks for pages with ShowDocuments and shows
/// what comes. Choosing a document in one place chooses it in the others.
class ScorePanel final : public Panel {
    Q_OBJECT

public:
    enum class Shape : std::uint8_t { Side, Full };
    static constexpr std::int64_t kPage = 64;

    explicit ScorePanel(QWidget* parent = nullptr);

    void display(const session::Snapshot& snapshot) override;
    void setShape(Shape shape);

signals:
    void commandWanted(const dubito::session::Command& command);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* makeFilter();
    QWidget* makeScatter();
    void makeTable();
    void connectParts();
    void layOut();
    void fillClasses(const session::Snapshot& snapshot);
    void ask(std::int64_t first, const QString& holding = {});
    /// By this column, then the other way round, then as in the corpus.
    void sortBy(int column);
    void fitIds();
    void chooseWanted();
    void explain();

    ScoreModel* m_model;
    CorpusStrip* m_strip;
    ScatterView* m_scatter;
    QFrame* m_scatterCard;
    TextLabel* m_scatterNote;
    QLineEdit* m_search;
    QComboBox* m_class;
    QComboBox* m_weight;
    QTimer m_typing;
    QPushButton* m_before;
    QPushButton* m_after;
    TextLabel* m_rows;
    QFrame* m_list;
    QTableView* m_table;
    DocumentCard* m_card;
    QBoxLayout* m_left; ///< scatter above list
    QBoxLayout* m_body; ///< left and card: beside each other, or one below the other
    Shape m_shape = Shape::Side;
    session::Snapshot m_facts; ///< configuration and corpus alone: what the explanation needs
    QString m_wanted; ///< the document to be chosen when its page comes
    std::int64_t m_first = 0;
    std::int64_t m_matching = 0;
    session::DocumentOrder m_order = session::DocumentOrder::Corpus;
    session::Direction m_direction = session::Direction::Ascending;
    bool m_asked = false;
};

} // namespace dubito::ui
