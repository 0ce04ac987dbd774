// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/record_compiler.hpp"

namespace nudged::sources {

/// Texts in which settings may stand; a setting may hold several, between commas.
std::vector<std::string> RecordCompiler::read_texts(TomlTable& table, std::string_view key) {
    std::vector<std::string> texts;
    for (const auto& text : table.texts(key)) {
        if (text.find("{settings.") == std::string::npos) {
            texts.push_back(text);
            continue;
        }
        const auto filled =
            Template::compile(text, settings_, table.place(key), problems_).text({}).value_or("");
        for (const auto part : split(filled, ','))
            if (const auto word = trim(part); !word.empty()) texts.emplace_back(word);
    }
    return texts;
}

Condition RecordCompiler::read_condition(TomlTable entry) {
    Condition condition;
    condition.nulls = nulls_;
    condition.any = read_conditions(entry, "any");
    if (condition.any.empty()) {
        entry.required_text("at");
        condition.at = read_path(entry, "at");
    }
    condition.in = read_texts(entry, "in");
    condition.except = read_texts(entry, "except");
    condition.prefix = read_texts(entry, "prefix");
    if (entry.has("present")) condition.present = entry.flag("present");
    const int ways = int{entry.has("in")} + int{entry.has("except")} + int{entry.has("prefix")} +
                     int{entry.has("present")} + int{entry.has("any")};
    if (ways != 1)
        problems_.error(entry.place(),
                        "a condition has one of \"in\", \"except\", \"prefix\", \"present\" and "
                        "\"any\"",
                        "write { at = \"/place\", in = [\"TEXT\"] }");
    entry.finish();
    return condition;
}

std::vector<Condition> RecordCompiler::read_conditions(TomlTable& table, std::string_view key) {
    std::vector<Condition> conditions;
    for (auto& entry : table.tables(key)) conditions.push_back(read_condition(entry));
    return conditions;
}

}  // namespace nudged::sources
