"""Records what Pillow and transformers make of small images: the files and golden.json.

pip install pillow==12.3.0 transformers==4.57.6 numpy opencv-python-headless
python record.py   # in this folder; also prints the versions
"""
import hashlib
import io
import json
import random
import struct
import zlib
from pathlib import Path

import cv2
import numpy as np
import PIL
from PIL import Image, ImageOps, PngImagePlugin

IMAGES = [
    "png/wide.png", "png/tall.png", "png/rgb.png", "png/grey-alpha.png", "jpg/420.jpg", "jpg/exif-6.jpg"
]
HERE = Path(__file__).parent
GOLDEN = {"pillow": PIL.__version__, "decoded": {}, "resized": [], "tensors": []}


def picture(width, height, seed=1):
    """Gradients, edges and noise."""
    noise = random.Random(seed)
    pixels = bytearray()
    for y in range(height):
        for x in range(width):
            edge = 255 if (x // 7 + y // 5) % 2 else 0
            pixels += bytes(
                [
                    (x * 255 // max(1, width - 1)),
                    (edge + noise.randrange(256)) // 2,
                    (y * 255 // max(1, height - 1) + noise.randrange(40)) % 256,
                ]
            )
    return Image.frombytes("RGB", (width, height), bytes(pixels))


def smooth(width, height):
    """As a photograph: neighbouring pixels are alike."""
    return picture(width // 6 + 2, height // 6 + 2, 2).resize((width, height), Image.BICUBIC)


def write(file, data):
    """Keeps a file in the folder of its format, and Pillow's pixels."""
    name = f"{file.rsplit('.')[-1]}/{file}"
    (HERE / name).parent.mkdir(exist_ok=True)
    (HERE / name).write_bytes(data)
    with Image.open(io.BytesIO(data)) as image:
        rgb = ImageOps.exif_transpose(image).convert("RGB")
        GOLDEN["decoded"][name] = {
            "width": rgb.width,
            "height": rgb.height,
            "sha256": hashlib.sha256(rgb.tobytes()).hexdigest(),
        }


def encoded(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def raw_png(width, height, bits, colour, rows, before=b"", interlace=0):
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlace)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + before
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def adam7(image):
    data = image.tobytes()
    rows = b""
    for x0, y0, dx, dy in [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ]:
        for y in range(y0, image.height, dy):
            row = b"".join(
                data[(y * image.width + x) * 3 : (y * image.width + x) * 3 + 3]
                for x in range(x0, image.width, dx)
            )
            rows += b"\0" + row if row else b""
    return raw_png(image.width, image.height, 8, 2, rows, interlace=1)


def exif(orientation):
    tags = Image.Exif()
    tags[0x112] = orientation
    return tags


def with_chunk(png, extra):
    return png[:33] + extra + png[33:]


def by_opencv(image, sampling):
    """A JPEG file with a sampling of colours that Pillow does not write."""
    factor = getattr(cv2, f"IMWRITE_JPEG_SAMPLING_FACTOR_{sampling}")
    options = [cv2.IMWRITE_JPEG_QUALITY, 85, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor]
    return cv2.imencode(".jpg", np.array(image)[:, :, ::-1], options)[1].tobytes()


def pngs():
    rgb = picture(19, 13)
    alpha = picture(19, 13, 3).convert("L")
    rgba = rgb.copy()
    rgba.putalpha(alpha)
    write("rgb.png", encoded(rgb, "PNG"))
    write("rgba.png", encoded(rgba, "PNG"))
    write("grey.png", encoded(rgb.convert("L"), "PNG"))
    write("grey-alpha.png", encoded(rgba.convert("LA"), "PNG"))
    write("one-bit.png", encoded(rgb.convert("1"), "PNG"))
    for bits in (2, 4):
        lines = [b"\0" + random.Random(bits + y).randbytes((19 * bits + 7) // 8) for y in range(13)]
        write(f"grey-{bits}-bits.png", raw_png(19, 13, bits, 0, b"".join(lines)))
    for colours, bits in ((2, 1), (4, 2), (16, 4), (200, 8)):
        write(f"palette-{bits}.png", encoded(rgb.quantize(colours), "PNG", bits=bits))
    write("palette-transparent.png", encoded(rgb.quantize(200), "PNG", transparency=bytes(range(200))))
    write("transparent-colour.png", encoded(rgb, "PNG", transparency=rgb.getpixel((3, 3))))
    write("interlaced.png", adam7(rgb))
    write("grey-transparent.png", encoded(rgb.convert("L"), "PNG", transparency=77))
    write("palette-4-transparent.png", encoded(rgb.quantize(16), "PNG", bits=4, transparency=3))
    write("gamma.png", with_chunk(encoded(rgb, "PNG"), chunk(b"gAMA", struct.pack(">I", 45455))))
    grey_gamma = encoded(rgb.convert("L"), "PNG")
    write("grey-gamma.png", with_chunk(grey_gamma, chunk(b"gAMA", struct.pack(">I", 45455))))
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write("profile.png", encoded(rgb, "PNG", icc_profile=profile))
    for orientation in (1, 3, 6, 8):
        write(f"exif-{orientation}.png", encoded(rgb, "PNG", exif=exif(orientation)))
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    write("xmp.png", with_chunk(encoded(rgb, "PNG"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp)))
    zipped = b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<tiff:Orientation>3</tiff:Orientation>")
    write("xmp-compressed.png", with_chunk(encoded(rgb, "PNG"), chunk(b"iTXt", zipped)))
    tiff = exif(8).tobytes()
    text = "\nexif\n%8d\n%s\n" % (len(tiff), tiff.hex())
    write(
        "raw-profile.png",
        with_chunk(
            encoded(rgb, "PNG"),
            chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text.encode())),
        ),
    )
    write("pixel.png", encoded(rgb.crop((0, 0, 1, 1)), "PNG"))


def jpegs():
    photo = smooth(67, 45)
    noisy = picture(33, 29)
    for name, subsampling in (("444", 0), ("422", 1), ("420", 2)):
        write(f"{name}.jpg", encoded(photo, "JPEG", quality=85, subsampling=subsampling))
        write(f"noise-{name}.jpg", encoded(noisy, "JPEG", quality=60, subsampling=subsampling))
        write(
            f"progressive-{name}.jpg",
            encoded(photo, "JPEG", quality=75, subsampling=subsampling, progressive=True),
        )
    write("411.jpg", by_opencv(photo, "411"))
    write("grey.jpg", encoded(photo.convert("L"), "JPEG", quality=80))
    write("rgb.jpg", encoded(photo, "JPEG", quality=90, keep_rgb=True))
    write("optimised.jpg", encoded(photo, "JPEG", quality=95, optimize=True))
    write("low.jpg", encoded(photo, "JPEG", quality=10))
    write("restarts.jpg", encoded(photo, "JPEG", quality=75, restart_marker_blocks=2))
    write("pixel.jpg", encoded(noisy.crop((0, 0, 1, 1)), "JPEG"))
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    write("profile.jpg", encoded(photo, "JPEG", icc_profile=profile))
    plain = encoded(photo, "JPEG", quality=85)
    write("no-jfif.jpg", plain[:2] + plain[20:])
    for orientation in range(1, 9):
        write(f"exif-{orientation}.jpg", encoded(noisy, "JPEG", exif=exif(orientation)))
    xmp = b"http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation=\"8\"/>"
    write("xmp.jpg", plain[:2] + b"\xff\xe1" + struct.pack(">H", len(xmp) + 2) + xmp + plain[2:])


def refused():
    noisy = picture(17, 11)
    (HERE / "refused").mkdir(exist_ok=True)
    progressive = encoded(smooth(33, 21), "JPEG", progressive=True)
    last_scan = progressive.rindex(b"\xff\xda")
    baseline = encoded(noisy, "JPEG")
    files = {
        "four-four-zero.jpg": by_opencv(noisy, "440"),
        "without-last-scan.jpg": progressive[:last_scan] + b"\xff\xd9",
        "truncated.jpg": baseline[: len(baseline) * 3 // 4],
        "truncated.png": encoded(noisy, "PNG")[:-30],
        "arithmetic.jpg": baseline.replace(b"\xff\xc0", b"\xff\xc9"),
        "lossless.jpg": baseline.replace(b"\xff\xc0", b"\xff\xc3"),
        "cmyk.jpg": encoded(noisy.convert("CMYK"), "JPEG"),
        "image.webp": encoded(noisy, "WEBP"),
        "image.gif": encoded(noisy, "GIF"),
        "image.bmp": encoded(noisy, "BMP"),
        "image.tiff": encoded(noisy, "TIFF"),
        "image.avif": encoded(noisy, "AVIF"),
        "sixteen-bits.png": raw_png(2, 1, 16, 0, b"\0\1\2\3\4"),
        "animated.png": encoded(noisy, "PNG", save_all=True, append_images=[picture(17, 11, 9)]),
    }
    for name, data in files.items():
        (HERE / "refused" / name).write_bytes(data)


def resized():
    write("wide.png", encoded(picture(131, 67, 7), "PNG"))
    write("tall.png", encoded(picture(3, 401, 8), "PNG"))
    sizes = {
        "png/rgb.png": [(19, 13), (38, 26), (19, 31), (7, 13), (5, 3), (64, 64), (1, 1), (20, 12)],
        "png/wide.png": [(224, 224), (100, 50), (37, 41), (131, 30), (64, 67), (437, 224)],
        "png/tall.png": [(3, 7), (5, 40), (9, 500), (1, 1)],
    }
    for name, all_sizes in sizes.items():
        image = Image.open(HERE / name).convert("RGB")
        for size in all_sizes:
            for resample in range(6):
                done = image.resize(size, resample)
                GOLDEN["resized"].append(
                    {
                        "image": name,
                        "width": size[0],
                        "height": size[1],
                        "resample": resample,
                        "sha256": hashlib.sha256(done.tobytes()).hexdigest(),
                    }
                )


def tensors():
    import transformers

    GOLDEN["transformers"] = transformers.__version__
    for config in json.loads((HERE / "processors.json").read_text()):
        kind = config.get("image_processor_type", config.get("feature_extractor_type"))
        name = kind.replace("FeatureExtractor", "ImageProcessor").removesuffix("Fast")
        processor = getattr(transformers, name).from_dict(config)
        for image in IMAGES:
            loaded = ImageOps.exif_transpose(Image.open(HERE / image)).convert("RGB")
            values = processor(loaded, return_tensors="np")["pixel_values"][0]
            values = np.ascontiguousarray(values, dtype="<f4")
            GOLDEN["tensors"].append(
                {
                    "processor": config["name"],
                    "image": image,
                    "shape": list(values.shape),
                    "sha256": hashlib.sha256(values.tobytes()).hexdigest(),
                }
            )


if __name__ == "__main__":
    pngs()
    jpegs()
    refused()
    resized()
    tensors()
    (HERE / "golden.json").write_text(json.dumps(GOLDEN, indent=1) + "\n")
    print({key: GOLDEN[key] for key in ("pillow", "transformers")})
