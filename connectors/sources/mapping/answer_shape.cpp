// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/answer_shape.hpp"

#include "connectors/base/text.hpp"
#include "connectors/sources/csv/parser.hpp"

#include <algorithm>
#include <vector>

namespace nudged::sources {
namespace {

using json::Document;
using json::Value;
using Allocator = Document::AllocatorType;

Value text_value(std::string_view text) {
    return Value{rapidjson::StringRef(text.data(), static_cast<rapidjson::SizeType>(text.size()))};
}

/// Reads CSV where it stands: what a row says is never longer than the row, so its cells, without
/// quotes and commas, fit into the bytes that told it.
class CsvReader {
public:
    explicit CsvReader(std::string& body) : body_(body) {}

    std::unique_ptr<Document> read() {
        constexpr std::string_view mark = "\xEF\xBB\xBF";
        if (body_.starts_with(mark)) read_ = written_ = mark.size();
        // Whatever else may be meant by a first column of this name, it is an error page.
        const auto text = trim(std::string_view{body_}.substr(read_));
        const bool is_page =
            !text.empty() && std::string_view{"<{["}.find(text.front()) != std::string_view::npos;
        if (is_page || text == "null") return nullptr;
        auto document = std::make_unique<Document>();
        document->SetArray();
        while (next_row()) {
            if (row().problem == csv::RowProblem::open_quote) return nullptr;  // it was cut off
            if (row().is_blank()) continue;
            if (columns_.empty()) {
                columns_ = kept_cells();
                continue;
            }
            // The last line has neither its end nor all its cells: it was cut off.
            if (ended_ && row().cells.size() < columns_.size()) return nullptr;
            document->PushBack(object(document->GetAllocator()), document->GetAllocator());
        }
        // Nothing at all is no list without rows, which has its header.
        if (columns_.empty()) return nullptr;
        return document;
    }

private:
    const csv::Row& row() const { return parser_.row(); }

    bool next_row() {
        const auto begin = read_;
        while (read_ < body_.size() && !ended_) {
            read_ += parser_.feed(std::string_view{body_}.substr(read_));
            if (!parser_.has_row()) continue;
            if (row().problem != csv::RowProblem::none) read_ = begin + row().bytes;
            return true;
        }
        if (ended_) return false;
        ended_ = true;
        parser_.finish();
        return parser_.has_row();
    }

    /// The row's cells, moved to where they stay.
    std::vector<std::string_view> kept_cells() {
        std::vector<std::string_view> cells;
        for (const auto cell : row().cells) {
            char* place = body_.data() + written_;
            std::copy(cell.begin(), cell.end(), place);
            cells.emplace_back(place, cell.size());
            written_ += cell.size();
        }
        return cells;
    }

    Value object(Allocator& allocator) {
        if (row().problem != csv::RowProblem::none || row().cells.size() != columns_.size())
            return Value{};
        Value object{rapidjson::kObjectType};
        const auto cells = kept_cells();
        for (std::size_t i = 0; i < cells.size(); ++i)
            object.AddMember(text_value(columns_[i]), text_value(cells[i]), allocator);
        return object;
    }

    std::string& body_;
    csv::RowParser parser_{','};
    std::size_t read_ = 0;
    std::size_t written_ = 0;
    bool ended_ = false;
    std::vector<std::string_view> columns_;
};

/// A document that was parsed in place has no text of its own.
std::string_view name_of(const Value& cell) {
    return json::scalar(&cell).value_or(std::string_view{});
}

Value object_of(Value& row, const std::vector<std::string_view>& columns, Allocator& allocator) {
    if (!row.IsArray()) return Value{};
    Value object{rapidjson::kObjectType};
    // Notes beside a table have no column's name, and are no part of it.
    for (rapidjson::SizeType i = 0; i < row.Size() && i < columns.size(); ++i)
        object.AddMember(text_value(columns[i]), row[i], allocator);
    return object;
}

/// Turns the arrays at `records` into objects. Says whether there was what they need.
bool name_cells(Document& document, const AnswerShape& shape, const json::Path& records) {
    // Found in a document that is ours to change.
    auto* rows = const_cast<Value*>(records.find(document));
    if (!rows || !rows->IsArray()) return !rows;
    std::vector<std::string_view> columns;
    if (shape.columns)
        shape.columns->each_value(document,
                                  [&](const Value& name) { columns.push_back(name_of(name)); });
    if (shape.header && !rows->Empty()) {
        if (!(*rows)[0].IsArray()) return false;
        for (const auto& cell : (*rows)[0].GetArray()) columns.push_back(name_of(cell));
        rows->Erase(rows->Begin());
    }
    if (columns.empty() && !rows->Empty()) return false;
    const auto is_empty = [](const Value& row) { return row.IsArray() && row.Empty(); };
    const auto* last = std::remove_if(rows->Begin(), rows->End(), is_empty);
    while (rows->End() != last) rows->PopBack();
    for (auto& row : rows->GetArray()) row = object_of(row, columns, document.GetAllocator());
    return true;
}

}  // namespace

std::unique_ptr<json::Document> parse_answer(std::string& body, const AnswerShape& shape,
                                             const json::Path& records) {
    if (shape.csv) return CsvReader{body}.read();
    auto document = json::parse(body);
    if (document && shape.packed) json::unpack(*document, *shape.packed);
    const bool has_arrays = shape.header || shape.columns;
    if (document && has_arrays && !name_cells(*document, shape, records)) return nullptr;
    return document;
}

}  // namespace nudged::sources
