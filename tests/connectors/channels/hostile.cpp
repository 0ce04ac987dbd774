// SPDX-License-Identifier: Apache-2.0
#include "tests/connectors/channels/hostile.hpp"

#include <algorithm>
#include <array>

namespace nudged::tests {
namespace {

using model::Message;

constexpr std::array pieces{"<!channel>",
                            "<!here|x>",
                            "<@U012AB3CD>",
                            "<!subteam^S01|@a>",
                            "<#C01|general>",
                            "@everyone",
                            "<users/all>",
                            "<at>Ana</at>",
                            "<at id=\"0\">",
                            "<script>alert(1)</script>",
                            "<img src=x onerror=y>",
                            "<b>",
                            "[Acme](https://evil.example)",
                            "![x](https://evil.example/x.png)",
                            "[",
                            "](",
                            "https://evil.example/path",
                            "www.evil.example",
                            "mailto:a@evil.example",
                            "# ",
                            "- ",
                            "1. ",
                            "&#60;users/all&#62;",
                            "'",
                            "<",
                            ">",
                            "&",
                            "&lt;",
                            "&amp;lt;!here&gt;",
                            "<https://evil.example|Acme>",
                            "|",
                            "```",
                            "`",
                            "*",
                            "_",
                            "~",
                            "\r\n",
                            "\t",
                            "\x1b[2J",
                            "\x7f",
                            "\u202E",
                            "\u2066",
                            "\u2028",
                            "\u0301",
                            "\u200D",
                            "👩",
                            "日",
                            "\xff",
                            "\xc3",
                            "\xe2\x80",
                            "\xed\xa0\x80",
                            "\"",
                            "\\",
                            "\r\nBcc: eve@evil.example\r\n",
                            "\n\n<script>alert(1)</script>",
                            "=?utf-8?q?=0ABcc:_eve?=",
                            "{{DATE(2026-11-20T08:00:00Z,SHORT)}}",
                            "${title}",
                            ":wave:",
                            "<!date^1|{date}^https://evil.example|x>",
                            "evil.com",
                            "//evil.com/x",
                            "ftp://evil.com",
                            "javascript:alert(1)",
                            "\" onmouseover=\"alert(1)",
                            "</td></tr></table>",
                            "<!--",
                            "]]>",
                            "\u200B",
                            "\u2060",
                            "\u00AD",
                            "\uFEFF",
                            "\u200F",
                            "\u061C",
                            "\u2029",
                            "\u0085",
                            "\xc0\xbc",
                            "\xf4\x90\x80\x80",
                            "\xf0\x9f",
                            "Acme "};

}  // namespace

std::size_t Hostile::pick(std::size_t below) {
    return std::uniform_int_distribution<std::size_t>{0, below - 1}(random_);
}

std::string Hostile::text() {
    ++made_;
    std::string text;
    for (auto left = pick(9); left > 0; --left) text += pieces[pick(pieces.size())];
    if (pick(50) == 0) text += std::string(pick(6'000), "<&*x"[pick(4)]);
    if (pick(8) == 0) text += '\0';
    if (pick(20) == 0) text += "\\u003c!channel\\u003e";
    return text;
}

std::string Hostile::url() {
    constexpr std::array<const char*, 5> starts{"https://crm.example/", "http://crm.example/?",
                                                "javascript:", "HTTPS://x|", "x"};
    return starts[pick(starts.size())] + text();
}

Message Hostile::message() {
    Message message;
    message.title = text();
    message.subtitle = text();
    for (auto sections = pick(4); sections > 0; --sections) {
        auto& section = message.sections.emplace_back();
        section.heading = text();
        section.text = text();
        for (auto items = pick(5); items > 0; --items) {
            Message::Item item{text(), text(), url(), text(), text(), {}};
            for (auto facts = pick(4); facts > 0; --facts)
                item.facts.push_back({text(), text(), url()});
            // Ids are ours; what else a finding says is others'.
            for (auto findings = pick(3); findings > 0; --findings)
                item.findings.push_back({std::string(32, static_cast<char>('0' + pick(10))), text(),
                                         text(), text(), url(), pick(2) == 0});
            section.items.push_back(std::move(item));
        }
        section.columns = {text(), text()};
        for (auto rows = pick(4); rows > 0; --rows) section.rows.push_back({text(), text()});
        section.more = text();
    }
    message.footer = text();
    message.reference = text();
    message.about = text();
    return message;
}

Message everywhere(const std::string& text, std::size_t count) {
    Message message;
    message.title = message.subtitle = message.footer = message.reference = message.about = text;
    const auto url = "https://crm.example/" + text;
    Message::Item item{text, text, url, text, text, {}};
    item.facts.assign(std::min<std::size_t>(count, 12), {text, text, url});
    item.findings.assign(count, {std::string(32, '0'), text, text, text, url, false});
    Message::Section section{text, text, {}, {}, {}, text};
    section.items.assign(count, item);
    section.columns.assign(std::min<std::size_t>(count, 12), text);
    section.rows.assign(count, section.columns);
    message.sections.assign(count, section);
    return message;
}

std::string repeated(const std::string& piece, std::size_t bytes) {
    std::string text;
    while (text.size() + piece.size() <= bytes) text += piece;
    return text;
}

std::string without_broken_links(std::string text) {
    const std::string broken = ":\u200B//";
    for (auto at = text.find(broken); at != text.npos; at = text.find(broken, at))
        text.erase(at, broken.size());
    return text;
}

std::string unclean(const std::string& text) {
    for (const auto* found : {"\u202E", "\u2066", "\x1b", "\x7f", "\u2028", "\r", "\t"})
        if (text.find(found) != std::string::npos) return "a control character";
    if (text.find('\0') != std::string::npos) return "a NUL";
    return "";
}

}  // namespace nudged::tests
