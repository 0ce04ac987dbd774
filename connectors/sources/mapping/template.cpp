// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/mapping/template.hpp"

#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/mapping/time_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nudged::sources {
namespace {

constexpr std::string_view settings_prefix = "settings.";

std::vector<std::string_view> words_of(std::string_view inside) {
    std::vector<std::string_view> words;
    while (!(inside = trim(inside)).empty()) {
        const bool quoted = inside.front() == '"';
        const auto end = quoted ? inside.find('"', 1) : inside.find(' ');
        const auto size = end == std::string_view::npos ? inside.size() : end + (quoted ? 1 : 0);
        words.push_back(inside.substr(0, size));
        inside.remove_prefix(size);
    }
    return words;
}

bool is_time(std::string_view placeholder) {
    return placeholder.starts_with("window.") || placeholder == "now";
}

/// Takes `word` from the end of a list of them.
bool take_last(std::vector<std::string_view>& words, std::string_view word) {
    const bool is_last = words.size() > 2 && words.back() == word;
    if (is_last) words.pop_back();
    return is_last;
}

/// "window.lo as epoch_ms string", "window.lo as local in Europe/Berlin"; problems are told at
/// `place`.
class PlaceholderReader {
public:
    PlaceholderReader(const Settings& settings, const Zone& zone, const Place& place,
                      Diagnostics& problems)
        : settings_(settings), zone_(zone), place_(place), problems_(problems) {}

    std::optional<Template::Placeholder> read(std::string_view inside) {
        auto words = words_of(inside);
        if (words.empty() || words.size() == 2 || (words.size() > 1 && words[1] != "as"))
            return no_placeholder(inside);
        Template::Placeholder placeholder{.name = std::string{words[0]}};
        if (words.size() == 1) return placeholder;
        placeholder.as_string = take_last(words, "string");
        const auto zone = take_zone(words);
        if (words.size() == 2) return zone ? no_placeholder(inside) : placeholder;
        if (words.size() != 3) return no_placeholder(inside);
        const auto form = read_form(words[2], zone.value_or(zone_));
        if (!form) return std::nullopt;
        if (zone && !form->has_zone()) return no_placeholder(inside);
        if (form->kind == Form::Kind::number && is_time(placeholder.name)) {
            problems_.error(place_, fmt::format("{{{}}}: a time is no number", inside),
                            "write it as epoch_ms or epoch_s");
            return std::nullopt;
        }
        placeholder.form = *form;
        return placeholder;
    }

private:
    std::optional<Template::Placeholder> no_placeholder(std::string_view inside) {
        problems_.error(place_, fmt::format("{{{}}} is no placeholder", inside),
                        "write {name}, {name as FORM}, {name as FORM string} or, of a local time, "
                        "{name as FORM in ZONE}");
        return std::nullopt;
    }

    /// Takes "utc" or "in ZONE" from the end, where ZONE may be a setting.
    std::optional<Zone> take_zone(std::vector<std::string_view>& words) {
        if (take_last(words, "utc")) return Zone::utc();
        constexpr std::size_t shortest = 5;  // NAME as FORM in ZONE
        if (words.size() < shortest || words[words.size() - 2] != "in") return std::nullopt;
        std::string name{words.back()};
        words.resize(words.size() - 2);
        if (name.starts_with(settings_prefix)) {
            const auto setting = settings_.find(name.substr(settings_prefix.size()));
            // One that is missing is named as it was written.
            if (setting != settings_.end()) name = setting->second;
        }
        const auto zone = Zone::find(name);
        if (!zone)
            problems_.error(place_, fmt::format("unknown time zone \"{}\"", name),
                            "use an IANA name such as \"Europe/Berlin\"");
        return zone.value_or(Zone::utc());
    }

    std::optional<Form> read_form(std::string_view word, const Zone& zone) {
        if (word.size() > 1 && word.front() == '"' && word.back() == '"') {
            const auto format = word.substr(1, word.size() - 2);
            if (const auto problem = writing_problem(format); !problem.empty())
                problems_.error(place_, fmt::format("the format \"{}\" {}", format, problem),
                                "write it as strftime does, such as \"%d/%m/%Y %H:%M\"");
            return Form{.kind = Form::Kind::format, .format = std::string{format}, .zone = zone};
        }
        auto form = form_of(word, zone);
        if (form) return form;
        const auto names = form_names();
        const auto near = nearest(word, names);
        problems_.error(place_, fmt::format("there is no form \"{}\"", word),
                        near.empty() ? fmt::format("the forms are {}, and formats in quotes",
                                                   fmt::join(names, ", "))
                                     : fmt::format("did you mean \"{}\"?", near));
        return std::nullopt;
    }

    const Settings& settings_;
    const Zone& zone_;
    const Place& place_;
    Diagnostics& problems_;
};

std::vector<std::string> names_of(const Settings& settings) {
    std::vector<std::string> names;
    for (const auto& [name, value] : settings) names.push_back(name);
    return names;
}

void add_literal(std::vector<Template::Part>& parts, std::string_view text) {
    if (text.empty()) return;
    if (!parts.empty() && std::holds_alternative<std::string>(parts.back()))
        std::get<std::string>(parts.back()) += text;
    else
        parts.emplace_back(std::string{text});
}

}  // namespace

Template Template::compile(std::string_view text, const Settings& settings, const Place& place,
                           Diagnostics& problems, const Zone& zone) {
    Template compiled;
    while (!text.empty()) {
        const auto open = text.find('{');
        add_literal(compiled.parts_, text.substr(0, open));
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) {
            problems.error(place, "a placeholder is not closed", "end it with }");
            break;
        }
        const auto inside = trim(text.substr(open + 1, close - open - 1));
        text.remove_prefix(close + 1);
        const auto placeholder = PlaceholderReader{settings, zone, place, problems}.read(inside);
        if (!placeholder) continue;
        if (!placeholder->name.starts_with(settings_prefix)) {
            compiled.parts_.emplace_back(*placeholder);
            continue;
        }
        const auto name = placeholder->name.substr(settings_prefix.size());
        const auto found = settings.find(name);
        if (found != settings.end()) {
            add_literal(compiled.parts_, found->second);
            continue;
        }
        const auto near = nearest(name, names_of(settings));
        problems.error(place, fmt::format("there is no setting \"{}\"", name),
                       near.empty() ? "declare it with its default in [settings]"
                                    : fmt::format("did you mean \"{}\"?", near));
    }
    return compiled;
}

const Variable& variable_of(const Variables& variables, const std::string& name) {
    static const Variable nothing;
    const auto found = variables.find(name);
    return found == variables.end() ? nothing : found->second;
}

const Template::Placeholder* Template::sole() const {
    return parts_.size() == 1 ? std::get_if<Placeholder>(&parts_.front()) : nullptr;
}

void Template::each_placeholder(const std::function<void(const Placeholder&)>& use) const {
    for (const auto& part : parts_)
        if (const auto* placeholder = std::get_if<Placeholder>(&part)) use(*placeholder);
}

void Template::each_name(const std::function<void(const std::string&)>& use) const {
    each_placeholder([&](const Placeholder& placeholder) { use(placeholder.name); });
}

std::optional<std::string> Template::text(const Variables& variables) const {
    std::string result;
    for (const auto& part : parts_) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            result += *literal;
            continue;
        }
        const auto& placeholder = std::get<Placeholder>(part);
        const auto value = text_of(variable_of(variables, placeholder.name), placeholder.form);
        if (!value) return std::nullopt;
        result += *value;
    }
    return result;
}

std::optional<std::string> Template::path(const Variables& variables) const {
    std::string result;
    for (const auto& part : parts_) {
        if (const auto* literal = std::get_if<std::string>(&part)) {
            result += *literal;
            continue;
        }
        const auto& placeholder = std::get<Placeholder>(part);
        const auto value = text_of(variable_of(variables, placeholder.name), placeholder.form);
        if (!value) return std::nullopt;
        result += net::url_encode(*value);
    }
    return result;
}

}  // namespace nudged::sources
