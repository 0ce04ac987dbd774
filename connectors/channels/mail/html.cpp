// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/html.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace nudged::channels::mail {
namespace {

using model::Message;

constexpr std::size_t max_value = 400;
constexpr std::size_t max_cell = 80;

// Inline for the clients that drop a style sheet; the classes let the sheet turn the colours over
// on a dark screen. Contrast of every pair is at least 4.5 to 1 on both.
constexpr std::string_view sheet = R"(
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{color:#0b57a4}
@media (max-width:620px){.pad{padding-left:16px!important;padding-right:16px!important}
.cell{padding-left:3px!important;padding-right:3px!important;font-size:13px!important}}
@media (max-width:480px){.wide .head{display:none!important}
.wide tr{display:block!important;padding:8px 0!important}
.wide .cell{display:inline-block!important;border:0!important;padding:2px 14px 2px 0!important;
text-align:left!important;vertical-align:top!important}
.wide .cell:first-child{display:block!important;font-weight:600!important;font-size:15px!important}
.label{display:block!important;font-size:11px!important;line-height:15px!important}}
@media (prefers-color-scheme:dark){.page{background:#121417!important}
.card{background:#1c1f24!important;border-color:#30353c!important}
.ink{color:#e9e7e4!important}.soft{color:#a9b0ba!important}
.rule{border-color:#30353c!important}.praise{border-color:#4fa87a!important}
.talk{border-color:#6ea8e6!important}.bar{color:#6ea8e6!important}a{color:#8cbcf2!important}}
)";
constexpr std::string_view font =
    "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
constexpr std::string_view ink = "color:#1f2328;";
constexpr std::string_view soft = "color:#57606a;";

std::string text_of(std::string_view raw, std::size_t max = max_value) {
    return escape_html(value(raw, max));
}

/// Lines stay lines; "" when there is nothing.
std::string lines_of(std::string_view raw) {
    std::string out;
    for (const auto line : split(raw, '\n')) {
        const auto text = text_of(line);
        if (text.empty()) continue;
        if (!out.empty()) out += "<br>\n";
        out += text;
    }
    return out;
}

std::string link(std::string_view url, const std::string& label) {
    const auto target = escape_url(url);
    if (target.empty() || label.empty()) return label;
    return fmt::format(R"(<a href="{}">{}</a>)", target, label);
}

/// A paragraph, unless there is nothing in it.
void paragraph(std::string& out, std::string_view style, std::string_view name,
               const std::string& inner) {
    if (inner.empty()) return;
    out += fmt::format("<p class=\"{}\" style=\"margin:0;{}\">{}</p>\n", name, style, inner);
}

void heading(std::string& out, const std::string& inner) {
    if (inner.empty()) return;
    out += fmt::format("<h2 class=\"ink\" style=\"margin:0 0 10px;font-size:17px;line-height:24px;"
                       "font-weight:600;{}\">{}</h2>\n",
                       ink, inner);
}

std::string facts_of(const Message::Item& item) {
    std::string out;
    for (const auto& fact : item.facts) {
        if (!out.empty()) out += " &middot; ";
        const auto label = text_of(fact.label);
        if (!label.empty()) out += label + ": ";
        out += link(fact.url, text_of(fact.value));
    }
    return out;
}

/// What has no question is praise, or news that asks for nothing.
void render_item(std::string& out, const Message::Item& item) {
    const bool is_question = !item.question.empty();
    out += fmt::format("<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" "
                       "cellspacing=\"0\" border=\"0\" style=\"margin:0 0 {}px\"><tr>\n"
                       "<td class=\"{}\" style=\"border-left:3px solid {};padding:1px 0 1px 12px;"
                       "font-size:15px;line-height:22px\">\n",
                       is_question ? 18 : 8, is_question ? "talk" : "praise",
                       is_question ? "#2f6db5" : "#2f855a");
    auto mark = text_of(item.mark, 8);
    if (!mark.empty()) mark += ' ';
    // What needs no title keeps its mark.
    const auto title = link(item.url, text_of(item.title));
    if (!title.empty())
        paragraph(out, fmt::format("font-weight:600;{}", ink), "ink",
                  std::exchange(mark, {}) + title);
    paragraph(out, std::string{ink}, "ink", mark + text_of(item.text));
    paragraph(out, fmt::format("padding-top:4px;font-style:italic;{}", ink), "ink",
              text_of(item.question));
    paragraph(out, fmt::format("padding-top:4px;font-size:13px;line-height:18px;{}", soft), "soft",
              facts_of(item));
    out += "</td></tr></table>\n";
}

/// How full "36 / 40" is, in tenths: at most ten; nullopt for any other cell.
std::optional<int> tenths_of(std::string_view cell) {
    const auto slash = cell.find(" / ");
    if (slash == std::string_view::npos) return std::nullopt;
    const auto number = [](std::string_view text) -> std::optional<double> {
        double read = 0;
        const auto end = text.data() + text.size();
        const auto [at, error] = std::from_chars(text.data(), end, read);
        if (error != std::errc{} || at == text.data()) return std::nullopt;
        return read;
    };
    const auto part = number(trim(cell.substr(0, slash)));
    const auto whole = number(trim(cell.substr(slash + 3)));
    if (!part || !whole || !(*whole > 0) || *part < 0) return std::nullopt;
    return static_cast<int>(std::min(10.0, *part * 10 / *whole + 0.5));
}

/// Made of characters, so that it shows where pictures are blocked.
std::string bar_of(std::string_view cell) {
    const auto tenths = tenths_of(cell);
    if (!tenths) return {};
    const auto halves = static_cast<std::size_t>((*tenths + 1) / 2);
    std::string bar;
    for (std::size_t at = 0; at < 5; ++at) bar += at < halves ? "▰" : "▱";
    return fmt::format("<br><span class=\"bar\" aria-hidden=\"true\" style=\"color:#2f6db5;"
                       "font-size:9px;line-height:10px;letter-spacing:0;white-space:nowrap\">{}"
                       "</span>",
                       bar);
}

/// The heading of a cell, where its column has none in sight.
std::string label_of(std::string_view heading) {
    return fmt::format(
        "<span class=\"label soft\" style=\"display:none;mso-hide:all;{}\">{} </span>", soft,
        text_of(heading, max_cell));
}

bool is_figure(std::string_view cell) {
    return cell.empty() || cell == "–" || cell == "—" || cell == "-" ||
           (cell.front() >= '0' && cell.front() <= '9') || cell.starts_with("+") ||
           cell.starts_with("±");
}

/// A table of more columns stands row by row on a phone, with its headings beside the values.
constexpr std::size_t fits_a_phone = 4;
/// A value of so many characters stands on one line.
constexpr std::size_t longest_unbroken = 10;

void render_table(std::string& out, const Message::Section& section) {
    const auto columns = section.columns.size();
    const bool is_wide = columns > fits_a_phone;
    std::vector<bool> is_right(columns, true);  // columns of figures only, behind the first
    if (columns > 0) is_right[0] = false;
    for (const auto& row : section.rows)
        for (std::size_t i = 0; i < columns && i < row.size(); ++i)
            if (!is_figure(value(row[i], max_cell))) is_right[i] = false;
    const auto cell = [&](std::string_view tag, std::string_view name, std::string_view style,
                          std::size_t column, const std::string& inner) {
        out += fmt::format("<{0} class=\"cell rule {1}\" align=\"{2}\" valign=\"top\" style=\""
                           "padding:6px 8px 6px 0;border-bottom:1px solid #d8dee4;{3}\">{4}</{0}>"
                           "\n",
                           tag, name, is_right[column] ? "right" : "left", style, inner);
    };
    out += fmt::format("<div style=\"overflow-x:auto\"><table class=\"{}\" width=\"100%\" "
                       "cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:"
                       "collapse;font-size:14px;line-height:19px\">\n<tr class=\"head\">\n",
                       is_wide ? "wide" : "narrow");
    for (std::size_t i = 0; i < columns; ++i)
        cell("th", "soft", fmt::format("font-weight:600;font-size:12px;{}", soft), i,
             text_of(section.columns[i], max_cell));
    out += "</tr>\n";
    for (const auto& row : section.rows) {
        out += "<tr>\n";
        for (std::size_t i = 0; i < columns && i < row.size(); ++i) {
            const auto shown = value(row[i], max_cell);
            const bool is_short = is_figure(shown) || length(shown) <= longest_unbroken;
            cell("td", "ink", fmt::format("{}{}", ink, is_short ? "white-space:nowrap;" : ""), i,
                 (is_wide && i > 0 ? label_of(section.columns[i]) : "") + escape_html(shown) +
                     bar_of(shown));
        }
        out += "</tr>\n";
    }
    out += "</table></div>\n";
}

void render_section(std::string& out, const Message::Section& section) {
    out += "<tr><td class=\"pad rule\" style=\"padding:20px 28px 8px;border-top:1px solid "
           "#d8dee4\">\n";
    heading(out, text_of(section.heading));
    paragraph(out, fmt::format("padding-bottom:10px;font-size:15px;line-height:22px;{}", ink),
              "ink", lines_of(section.text));
    for (const auto& item : section.items) render_item(out, item);
    if (!section.rows.empty()) render_table(out, section);
    paragraph(out, fmt::format("padding:8px 0;font-size:13px;line-height:18px;{}", soft), "soft",
              lines_of(section.more));
    out += "</td></tr>\n";
}

void render_footer(std::string& out, const Message& message) {
    out += "<tr><td class=\"pad rule\" style=\"padding:14px 28px 20px;border-top:1px solid "
           "#d8dee4\">\n";
    const auto style = fmt::format("font-size:12px;line-height:18px;{}", soft);
    paragraph(out, style, "soft", lines_of(message.footer));
    const auto reference = text_of(message.reference);
    paragraph(out, style, "soft", reference.empty() ? "" : "ref " + reference);
    out.append(repeat_mark).append("\n</td></tr>\n");
}

}  // namespace

std::string render_html(const Message& message) {
    const auto title = text_of(message.title);
    std::string out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n"
        "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
        "<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, email=no, "
        "url=no\">\n"
        "<title>{}</title>\n<style>{}</style>\n</head>\n",
        title, sheet);
    out += fmt::format(
        "<body class=\"page\" style=\"margin:0;padding:0;background:#f3f4f6;{0}\">\n"
        "<table role=\"presentation\" class=\"page\" width=\"100%\" cellpadding=\"0\" "
        "cellspacing=\"0\" border=\"0\" style=\"background:#f3f4f6;{0}\"><tr><td align=\"center\" "
        "style=\"padding:16px 8px\">\n"
        "<table role=\"presentation\" class=\"card\" width=\"600\" cellpadding=\"0\" "
        "cellspacing=\"0\" border=\"0\" style=\"width:100%;max-width:600px;background:#ffffff;"
        "border:1px solid #d8dee4;border-radius:8px;text-align:left;{0}\">\n"
        "<tr><td class=\"pad\" style=\"padding:22px 28px 16px\">\n",
        font);
    if (!title.empty())
        out += fmt::format("<h1 class=\"ink\" style=\"margin:0 0 4px;font-size:21px;"
                           "line-height:28px;font-weight:600;{}\">{}</h1>\n",
                           ink, title);
    paragraph(out, fmt::format("font-size:13px;line-height:19px;{}", soft), "soft",
              lines_of(message.subtitle));
    out += "</td></tr>\n";
    for (const auto& section : message.sections) render_section(out, section);
    render_footer(out, message);
    out += "</table>\n</td></tr></table>\n</body>\n</html>\n";
    return out;
}

}  // namespace nudged::channels::mail
