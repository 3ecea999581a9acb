// The notation of forms with files, as browsers and others write it.
#include "multipart.hpp"

#include <gtest/gtest.h>

namespace {

using web::MultipartError, web::Part;

std::vector<Part> parts(std::string_view body) {
    auto parsed = web::parse_multipart(body, "B");
    if (const auto* error = std::get_if<MultipartError>(&parsed)) {
        ADD_FAILURE() << error->detail;
        return {};
    }
    return std::get<std::vector<Part>>(std::move(parsed));
}

int refusal(std::string_view body) {
    const auto parsed = web::parse_multipart(body, "B");
    const auto* error = std::get_if<MultipartError>(&parsed);
    return error == nullptr ? 0 : error->status;
}

std::string with_disposition(const std::string& disposition) {
    return "--B\r\nContent-Disposition: " + disposition + "\r\n\r\nx\r\n--B--\r\n";
}

TEST(Multipart, KeepsTheBytesOfEachPart) {
    constexpr char kBody[] =
        "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--B \r\n"
        "content-disposition: FORM-DATA; name=f; filename=\"x;y.bin\"\r\n"
        "Content-Type: image/png\r\n\r\n\0\r\n--b\r\n--B-\r\n--B--\r\nepilogue";
    // "\r\n--B-" begins like the delimiter, and is not the end of its line: not a form.
    EXPECT_EQ(refusal({kBody, sizeof kBody - 1}), 400);

    constexpr char kGood[] =
        "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n--B \r\n"
        "content-disposition: FORM-DATA; name=f; filename=\"x;y.bin\"\r\n"
        "Content-Type: image/png\r\n\r\n\0\r\n--b\r\n--B--\r\nepilogue";
    const auto found = parts({kGood, sizeof kGood - 1});
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(found[0].name, "a");
    EXPECT_EQ(found[0].bytes, "");
    EXPECT_FALSE(found[0].filename);
    EXPECT_EQ(found[1].name, "f");
    EXPECT_EQ(found[1].filename, "x;y.bin");
    EXPECT_EQ(found[1].content_type, "image/png");
    EXPECT_EQ(found[1].bytes, std::string_view("\0\r\n--b", 6));
}

TEST(Multipart, ReadsNamesAsBrowsersWriteThem) {
    const auto filename = [](const std::string& written) {
        const auto found = parts(with_disposition("form-data; name=a; filename=" + written));
        return found.empty() ? "" : found[0].filename.value_or("none");
    };
    EXPECT_EQ(filename(R"("a%22b.txt")"), "a\"b.txt");
    EXPECT_EQ(filename(R"("a\"b.txt")"), "a\"b.txt");
    EXPECT_EQ(filename(R"("100%25.txt")"), "100%25.txt");
    EXPECT_EQ(filename(R"("../../etc/passwd")"), "passwd");
    EXPECT_EQ(filename(R"("C:\dir\a.txt")"), "a.txt");
    EXPECT_EQ(filename(R"("")"), "");
}

TEST(Multipart, RefusesWhatIsMalformed) {
    for (const auto& body :
         {std::string(), std::string("x"), std::string("--B--"), std::string("--B\r\n"),
          std::string("--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"),
          std::string("--B\r\nContent-Disposition: form-data; name=a\r\n--B--"),
          std::string("--B\r\nnonsense\r\n\r\nx\r\n--B--"), with_disposition("form-data"),
          with_disposition("attachment; name=a"), std::string("--B\r\n\r\nx\r\n--B--")}) {
        // An empty form is a form.
        EXPECT_EQ(refusal(body), body == "--B--" ? 0 : 400) << body;
    }
}

TEST(Multipart, HasLimits) {
    std::string many;
    for (std::size_t i = 0; i <= web::kMaxParts; ++i)
        many += "--B\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
    EXPECT_EQ(refusal(many + "--B--"), 413);
    EXPECT_EQ(refusal(with_disposition("form-data; name=" + std::string(201, 'a'))), 413);
    EXPECT_EQ(refusal(with_disposition("form-data; name=a; x=" + std::string(4100, 'a'))), 413);
}

TEST(MultipartBoundary, IsThatOfTheContentType) {
    EXPECT_EQ(web::multipart_boundary("multipart/form-data; boundary=abc"), "abc");
    EXPECT_EQ(web::multipart_boundary("multipart/form-data; charset=x; Boundary=\"a b:c\""),
              "a b:c");
    for (const auto& wrong :
         {std::string(""), std::string("boundary="), std::string("boundary=\"\""),
          "boundary=" + std::string(71, 'a'), std::string("boundary=\"a \"")}) {
        EXPECT_EQ(web::multipart_boundary("multipart/form-data; " + wrong), std::nullopt) << wrong;
    }
}

}  // namespace
