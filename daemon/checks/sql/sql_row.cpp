// SPDX-License-Identifier: Apache-2.0
#include "daemon/checks/sql/sql_row.hpp"

#include "connectors/base/text.hpp"
#include "connectors/model/entity.hpp"
#include "daemon/checks/book.hpp"
#include "daemon/checks/words.hpp"
#include "daemon/warehouse/persons.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace nudged::checks {
namespace {

using warehouse::PersonId;
using warehouse::QueryValue;

constexpr std::size_t longest_message = 300;
constexpr std::size_t longest_value = 200;
constexpr std::size_t longest_id = 200;  // bytes

/// One row, by the names of its columns.
class Row {
public:
    Row(const warehouse::QueryResult& result, std::size_t index)
        : columns_(result.columns), values_(result.rows[index]), number_(index + 1) {}

    [[noreturn]] void refuse(std::string_view what) const {
        throw Failure(FailureKind::refused, fmt::format("gives a row {} that {}", number_, what));
    }

    const QueryValue* find(std::string_view column) const {
        const auto found = std::find(columns_.begin(), columns_.end(), column);
        if (found == columns_.end()) return nullptr;
        const auto& value = values_[static_cast<std::size_t>(found - columns_.begin())];
        return std::holds_alternative<std::monostate>(value) ? nullptr : &value;
    }
    /// Numbers as they are written; "" for what is null or not there.
    std::string text(std::string_view column) const {
        const auto* value = find(column);
        return value ? text_of(*value) : std::string{};
    }
    /// Part of what tells findings apart: nothing in it may be lost on the way to a person.
    std::string key(std::string_view column) const {
        auto text = this->text(column);
        if (text.size() > longest_id || clean_line(text) != text)
            refuse(fmt::format("has no proper {}", column));
        return text;
    }

    static std::string text_of(const QueryValue& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value))
            return fmt::format("{}", *number);
        if (const auto* number = std::get_if<double>(&value)) return number_text(*number);
        const auto* text = std::get_if<std::string>(&value);
        return text ? *text : std::string{};
    }

private:
    const std::vector<std::string>& columns_;
    const std::vector<QueryValue>& values_;
    std::size_t number_;
};

warehouse::Subject read_subject(const Row& row) {
    warehouse::Subject subject;
    subject.type = row.key("entity");
    subject.source = row.key("source");
    subject.id = row.key("id");
    const bool is_person = subject.type == "person" || subject.type == "team";
    if (!is_person && !model::entity_of(subject.type))
        row.refuse("has none of the entities (opportunity, account, task, …, person, team)");
    if (subject.id.empty()) row.refuse("has no id");
    if (!is_person && subject.source.empty()) row.refuse("has no source");
    if (is_person) subject.source.clear();
    subject.name = shorten(clean_line(row.text("name")), longest_value);
    if (subject.name.empty()) subject.name = subject.id;
    subject.url = clean_line(row.text("url"));
    return subject;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// A person's number, or an address of theirs; null is nobody.
PersonId read_owner(const Scene& scene, const Row& row) {
    const auto text = row.text("owner");
    if (text.empty()) return PersonId::nobody;
    const auto& database = scene.reader.database();
    if (const auto number = whole_number(text)) {
        if (warehouse::read_person(scene.reader, PersonId{*number}))
            return warehouse::counted_as(database, PersonId{*number});
    } else if (const auto person = warehouse::find_by_address(database, to_lower_ascii(text))) {
        return warehouse::counted_as(database, *person);
    }
    row.refuse("has an owner who is nobody's person_id or e-mail address");
}

Instant read_since(const Scene& scene, const Row& row, const Owner& owner) {
    const auto* value = row.find("since");
    if (!value) return scene.as_of;
    if (const auto* millis = std::get_if<std::int64_t>(value)) return from_millis(*millis);
    const auto text = Row::text_of(*value);
    if (const auto instant = parse_instant(text)) return *instant;
    if (const auto day = parse_date(text)) return owner.zone.instant(LocalTime{*day});
    row.refuse("has no proper since: an instant, a date, or UTC milliseconds");
}

std::optional<Decimal> read_amount(const Row& row) {
    const auto* value = row.find("amount");
    if (!value) return std::nullopt;
    const auto* number = std::get_if<double>(value);
    const auto amount = Decimal::parse(number ? fmt::format("{}", *number) : Row::text_of(*value));
    if (!amount) row.refuse("has an amount that is no number");
    return amount;
}

bool has_meaning(std::string_view column) {
    constexpr std::array known{"entity", "source", "id",    "owner",  "message",
                               "name",   "url",    "since", "amount", "aspect"};
    return std::find(known.begin(), known.end(), column) != known.end();
}

/// "last_call_url" is the link of "last_call".
bool is_link(std::string_view column, const std::vector<std::string>& columns) {
    constexpr std::string_view ending = "_url";
    if (!column.ends_with(ending)) return false;
    const auto of = column.substr(0, column.size() - ending.size());
    return std::find(columns.begin(), columns.end(), of) != columns.end();
}

void add_evidence(Finding& finding, const Row& row, const std::vector<std::string>& columns) {
    for (const auto& column : columns) {
        if (has_meaning(column) || is_link(column, columns)) continue;
        const auto* value = row.find(column);
        if (!value) continue;
        auto label = column;
        std::replace(label.begin(), label.end(), '_', ' ');
        finding.evidence.push_back({shorten(clean_line(label), 40),
                                    shorten(clean_line(Row::text_of(*value)), longest_value),
                                    clean_line(row.text(column + "_url"))});
    }
    if (finding.evidence.empty())
        finding.evidence.push_back(
            {finding.subject.type, finding.subject.name, finding.subject.url});
}

}  // namespace

Finding read_sql_row(const Scene& scene, const SqlCheck& check,
                     const warehouse::QueryResult& result, std::size_t index) {
    const Row row{result, index};
    Finding finding;
    finding.check = check.id();
    finding.severity = check.severity;
    finding.subject = read_subject(row);
    finding.aspect = row.key("aspect");
    const Owner owner = owner_of(scene, read_owner(scene, row));
    finding.owner = owner.id;
    finding.team = owner.team;
    finding.since = read_since(scene, row, owner);
    finding.amount = read_amount(row);
    finding.summary = shorten(clean_line(row.text("message")), longest_message);
    if (finding.summary.empty()) row.refuse("has no message");
    finding.question = check.question;
    add_evidence(finding, row, result.columns);
    return finding;
}

}  // namespace nudged::checks
