// SPDX-License-Identifier: Apache-2.0
#include "connectors/channels/mail/mime.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/text.hpp"
#include "connectors/channels/mail/header.hpp"

#include <fmt/format.h>

namespace nudged::channels::mail {
namespace {

constexpr std::size_t max_line = 76;

std::string with_crlf(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (const char c : text) {
        if (c == '\n') out += '\r';
        out += c;
    }
    return out;
}

/// RFC 2045 §6.8.
std::string base64_lines(std::string_view text) {
    const auto encoded = crypto::base64(with_crlf(text));
    std::string out;
    for (std::size_t at = 0; at < encoded.size(); at += max_line)
        out.append(encoded, at, max_line).append("\r\n");
    return out;
}

/// Headers of its own, an empty line, and the body in the shorter of the two encodings: the one
/// that people can read for Latin letters, the other for most else.
std::string text_part(std::string_view type, std::string_view text) {
    auto body = quoted_printable(text);
    auto encoding = "quoted-printable";
    if (body.size() > text.size() * 3 / 2) {
        body = base64_lines(text);
        encoding = "base64";
    }
    return header("Content-Type", fmt::format("{}; charset=utf-8", type)) +
           header("Content-Transfer-Encoding", encoding) + "\r\n" + body;
}

}  // namespace

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::string line;
    const auto flush = [&](std::string_view end) {
        out.append(line).append(end);
        line.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '\n') {
            flush("\r\n");
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        const bool ends_line = at + 1 == text.size() || text[at + 1] == '\n';
        const bool is_space = c == ' ' || c == '\t';
        // A dot at the beginning is SMTP's own, and "From " is changed by some stores on the way.
        const bool is_taken = line.empty() && (c == '.' || text.substr(at).starts_with("From "));
        const bool is_plain = byte >= 0x20 && byte < 0x7F && c != '=' && !is_taken;
        const auto piece = (is_plain || is_space) && !(is_space && ends_line)
                               ? std::string(1, c)
                               : fmt::format("={:02X}", byte);
        // One place is left for the "=" of a soft line break.
        if (line.size() + piece.size() > max_line - 1) {
            flush("=\r\n");
            --at;  // once more, as the first of its line
            continue;
        }
        line += piece;
    }
    if (!line.empty()) flush("=\r\n");
    return out;
}

std::string compose(const Mail& mail) {
    std::string out = header("Date", mail_date(mail.date));
    out += address_header("From", mail.from_name, mail.from);
    out += address_header("To", {}, mail.to);
    if (!mail.reply_to.empty()) out += address_header("Reply-To", {}, mail.reply_to);
    out += text_header("Subject", mail.subject);
    out += header("Message-ID", fmt::format("<{}>", mail.id));
    if (!mail.thread.empty()) {
        out += header("In-Reply-To", fmt::format("<{}>", mail.thread));
        out += header("References", fmt::format("<{}>", mail.thread));
    }
    out += header("MIME-Version", "1.0");
    out += header("Auto-Submitted", "auto-generated");  // RFC 3834 §5
    out += header("X-Auto-Response-Suppress", "All");
    if (!mail.list.empty()) out += header("List-Id", fmt::format("<{}>", mail.list));  // RFC 2919
    if (!mail.unsubscribe.empty())
        out += header("List-Unsubscribe", fmt::format("<{}>", mail.unsubscribe));
    if (!mail.reference.empty()) out += header("X-Nudged-Ref", mail.reference);
    if (mail.html.empty()) return out + text_part("text/plain", mail.text);
    // "=_" occurs in neither encoding, so that no text can hold it (RFC 2045 §6.7).
    const auto boundary = "=_" + fingerprint(mail.id);
    out +=
        header("Content-Type", fmt::format("multipart/alternative;\r\n boundary=\"{}\"", boundary));
    out += fmt::format("\r\n--{}\r\n", boundary);
    out += text_part("text/plain", mail.text);
    out += fmt::format("\r\n--{}\r\n", boundary);
    out += text_part("text/html", mail.html);
    out += fmt::format("\r\n--{}--\r\n", boundary);
    return out;
}

}  // namespace nudged::channels::mail
