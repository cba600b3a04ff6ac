"""How an app calls a winner, for its card."""

from __future__ import annotations

_SWIFT = """\
import CoreML

// Xcode makes the class `model` from model.mlpackage; both images are RGB, {size}×{size}.
let network = try model(configuration: MLModelConfiguration())
let face = try MLFeatureValue(
    cgImage: photo, pixelsWide: {size}, pixelsHigh: {size},
    pixelFormatType: kCVPixelFormatType_32BGRA, options: nil)
let madeUp: CVPixelBuffer = try network.prediction(photo: face.imageBufferValue!).made_up"""

_KOTLIN = """\
import ai.onnxruntime.OnnxTensor
import ai.onnxruntime.OrtEnvironment
import java.nio.FloatBuffer

// rgb: 3 × {size} × {size} floats in [0, 1], all of red, then green, then blue.
val environment = OrtEnvironment.getEnvironment()
val session = environment.createSession(assets.open("model.onnx").readBytes())
val shape = longArrayOf(1, 3, {size}, {size})
val madeUp = FloatArray(3 * {size} * {size})
OnnxTensor.createTensor(environment, FloatBuffer.wrap(rgb), shape).use {{ photo ->
    session.run(mapOf("photo" to photo)).use {{ result ->
        (result[0] as OnnxTensor).floatBuffer.get(madeUp)
    }}
}}"""


def snippets(size: int, coreml: bool) -> list[str]:
    """Parts of Markdown: the call in Swift, where there is a Core ML package, and in Kotlin."""
    swift = ["On iOS and macOS, with Core ML:", _fenced("swift", _SWIFT.format(size=size))]
    kotlin = [
        "On Android, with `com.microsoft.onnxruntime:onnxruntime-android`:",
        _fenced("kotlin", _KOTLIN.format(size=size)),
    ]
    return ["## How to call it", *(swift if coreml else []), *kotlin]


def _fenced(language: str, code: str) -> str:
    return f"```{language}\n{code}\n```"
