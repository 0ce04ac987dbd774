// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/warehouse/view_queries.hpp"

#include <algorithm>
#include <optional>

namespace nudged::warehouse {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";  // white space to SQLite

bool is_name_letter(char letter) {
    return letter == '_' || letter == '$' || (letter >= '0' && letter <= '9') ||
           (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           static_cast<unsigned char>(letter) >= 0x80;
}

/// One word after the other, as SQLite's own tokenizer reads them: names without their quotes and
/// in lower case, other signs one by one; comments and white space are left out.
class Words {
public:
    explicit Words(std::string_view sql) : rest_(sql) {}

    /// Nothing at the end; "" for a name that is empty.
    std::optional<std::string> next() {
        skip_space();
        if (rest_.empty()) return std::nullopt;
        const char first = rest_.front();
        if (first == '\'' || first == '"' || first == '`') return quoted(first);
        if (first == '[') return quoted(']');
        std::size_t size = 0;
        while (size < rest_.size() && is_name_letter(rest_[size])) ++size;
        return to_lower_ascii(take(std::max<std::size_t>(1, size)));
    }

private:
    std::string_view take(std::size_t size) {
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }

    void skip_past(std::string_view end) {
        const auto at = rest_.find(end);
        take(at == rest_.npos ? rest_.size() : at + end.size());
    }

    void skip_space() {
        while (!rest_.empty()) {
            if (rest_.starts_with("--"))
                skip_past("\n");
            else if (rest_.starts_with("/*"))
                take(2), skip_past("*/");
            else if (static_cast<unsigned char>(rest_.front()) <= ' ')
                take(1);
            else if (rest_.starts_with(byte_order_mark))
                take(byte_order_mark.size());
            else
                return;
        }
    }

    /// A doubled quote stands for itself; brackets have none.
    std::string quoted(char end) {
        take(1);
        std::string name;
        while (!rest_.empty()) {
            const char letter = take(1).front();
            if (letter == end) {
                if (end == ']' || rest_.empty() || rest_.front() != end) break;
                take(1);
            }
            name += letter;
        }
        return to_lower_ascii(name);
    }

    std::string_view rest_;
};

/// The words after a name that make it a table of a WITH clause: `name AS (`, with or without what
/// SQLite may be told of it, or `name (columns) AS (`. Nothing else that is SQL reads so.
bool begins_table(Words after) {
    auto word = after.next();
    if (word == "(") {
        for (int depth = 1; depth > 0 && word;) {
            word = after.next();
            depth += word == "(" ? 1 : word == ")" ? -1 : 0;
        }
        word = after.next();
    }
    if (word != "as") return false;
    word = after.next();
    if (word == "not") word = after.next();
    if (word == "materialized") word = after.next();
    return word == "(";
}

}  // namespace

std::string find_taken_name(std::string_view sql, const std::set<std::string>& names) {
    Words words{sql};
    for (auto word = words.next(); word; word = words.next())
        if (names.contains(*word) && begins_table(words)) return *word;
    return {};
}

std::set<std::string> find_named(std::string_view sql, const std::set<std::string>& names) {
    std::set<std::string> found;
    Words words{sql};
    for (auto word = words.next(); word; word = words.next())
        if (names.contains(*word)) found.insert(std::move(*word));
    return found;
}

}  // namespace nudged::warehouse
