"""The course against its outline, word for word."""
# ruff: noqa: E501 - the outline stands here as it was printed

from __future__ import annotations

import re

from fallline.course.content import load_course
from fallline.runs.spec import load_spec

OUTLINE = """
| 1 | Foundations of Optimization in Machine Learning | Optimization problem types in ML; loss surfaces, local minima, saddle points; convergence issues; real-world failures; goal framing: accuracy vs latency vs fairness | [Play with gradient descent](https://uclaacm.github.io/gradient-descent-visualiser/#playground)<br><br>[ML Optimization Overview (Google)](https://developers.google.com/machine-learning/crash-course/reducing-loss/gradient-descent) |
| 2 | Gradient Descent and Its Variants | Batch, stochastic, and mini-batch gradient descent; step decay, cosine annealing, exponential LR schedules; debugging convergence and instability | [Gradient Descent Visualizer](https://poloclub.github.io/ganlab/)<br><br>[Learning Rate Scheduler (Fast.ai)](https://docs.fast.ai/callback.schedule) |
| 3 | Advanced Optimizers in Practice | Adam, AdamW, AdaGrad, RMSProp; optimizer selection under noisy gradients; optimizer performance benchmarking in TensorFlow/PyTorch | [Optimizer Playground (TensorFlow)](https://www.tensorflow.org/api_docs/python/tf/keras/optimizers)<br><br>[Adam vs SGD Visual Comparison](https://distill.pub/2017/momentum/) |
| 4 | Hyperparameter Tuning Strategies | Grid search, random search, validation strategies (K-fold, nested CV, hold-out); search space design (log/categorical); KerasTuner & Ray Tune intro | [KerasTuner Demo](https://keras.io/keras_tuner/)<br><br>[Ray Tune Docs](https://docs.ray.io/en/latest/tune/index.html) |
| 5 | Bayesian Optimization & Model-Based Search | BO intuition (no math), Gaussian Processes, acquisition functions, pruning; tools like Optuna/Hyperopt; automated tuning pipelines | [Optuna Visualization Dashboard](https://optuna.org/#demo)<br><br>[Hyperopt Introduction (GitHub)](https://github.com/hyperopt/hyperopt) |
| 6 | Multi-Metric & Multi-Objective Optimization | Accuracy vs latency, F1 vs fairness; Pareto front, scalarization techniques, budgeted optimization; real-world tradeoff modeling | [Pareto Front Explorer (NSGA-II)](https://nathanrooy.github.io/posts/2020-10-01/pareto-front-visualization/)<br><br>[Multi-Objective Optimization Tool (Platypus)](https://platypus.readthedocs.io/en/latest/) |
| 7 | Neural Network Stability & Training Dynamics | Initialization (He, Xavier), gradient clipping, vanishing/exploding gradients, sharp vs flat minima, batch norm, layer norm, learning dynamics visualization | [Gradient Flow Visualizer (Torch)](https://torchviz.readthedocs.io/en/latest/)<br><br>[Initialization Guide (Keras)](https://keras.io/api/layers/initializers/) |
| 8 | Efficient & Resource-Constrained Optimization | Tuning for mobile/edge; quantization-aware training, pruning, distillation; latency/memory profiling; TF Lite & ONNX export | [TensorFlow Lite Model Optimization Toolkit](https://www.tensorflow.org/model_optimization)<br><br>[ONNX Runtime Tools](https://onnxruntime.ai/) |
| 9 | Metric Optimization and Business Alignment | Aligning with business KPIs (cost, churn, ROI); translating metrics into loss functions; modeling for coverage, conversion, and risk | [AI Fairness Metrics Explorer (Google)](https://pair-code.github.io/what-if-tool/)<br><br>[ML Business Metrics Guide (Google Cloud)](https://cloud.google.com/blog/products/ai-machine-learning/defining-business-metrics-for-ml-models) |
| 10 | Explainability-Driven Tuning | Using SHAP, LIME to guide optimization; constrained tuning (e.g., monotonicity, fairness); human-in-the-loop workflows | [SHAP Visual Demo](https://shap.readthedocs.io/en/latest/example_notebooks.html)<br><br>[LIME Interactive Notebook](https://marcotcr.github.io/lime/tutorials/Tutorial%20-%20models%20with%20sklearn.html) |
| 11 | Experiment Tracking & Optimization Visualization | Tools: TensorBoard, Weights & Biases, MLflow; hyperparameter dashboards, loss/accuracy curves, sweep comparisons; reproducibility best practices | [Weights & Biases Demo](https://wandb.ai/site)<br><br>[MLflow Tracking UI](https://mlflow.org/docs/latest/tracking.html) |
| 12 | Capstone Project: End-to-End Optimization Workflow | Full pipeline: framing the objective, selecting optimizer, tuning, evaluating, and deploying; performance-vs-cost-vs-interpretability balancing | [TensorBoard Project Dashboard](https://www.tensorflow.org/tensorboard/get_started)<br><br>[ML Deployment Guide (TensorFlow)](https://www.tensorflow.org/tfx/guide/serving) |
| 13 | Final Project Presentations | Student-led presentations: objective, tuning strategy, results analysis | |
| 14 | Final Exam | Theory + practical case-based exam (real-world scenarios + tool usage + debugging) | |
"""

SCHEME = [
    ("In-Class Activity (5 total)", "20"),
    ("Quizzes (4 total)", "20"),
    ("Final Project", "30"),
    ("Final Exam", "30"),
]

ROW = re.compile(r"^\| (\d+) \| (.+?) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
LINK = re.compile(r"\[(.+?)\]\((\S+?)\)(?=<br>|$)")


def test_weeks_topics_and_links_are_the_outlines() -> None:
    """Fourteen weeks; each title, the topics joined again, and each link with its title are exactly the outline's."""
    rows = ROW.findall(OUTLINE)
    course = load_course()
    assert len(rows) == len(course.weeks) == 14
    for (number, title, topics, links), week in zip(rows, course.weeks, strict=True):
        assert str(week.number) == number
        assert week.title == title
        assert week.topics_text == topics
        assert [(link.title, link.url) for link in week.links] == LINK.findall(links.strip())
        assert len(week.links) == (2 if week.number <= 12 else 0)


def test_the_scheme_is_the_outlines() -> None:
    """Labels and weights as printed there, 100 in all."""
    components = load_course().scheme.components
    assert [(component.label, str(component.weight)) for component in components] == SCHEME


def test_the_calendar_is_the_default_one() -> None:
    """Activities in weeks 2, 4, 6, 8, 10; quizzes in 3, 6, 9, 12; the project over 12 and 13; the exam in 14."""
    weeks: dict[str, list[int]] = {}
    for entry in load_course().calendar:
        weeks.setdefault(entry.kind, []).append(entry.week)
    assert weeks == {"activity": [2, 4, 6, 8, 10], "quiz": [3, 6, 9, 12], "project": [12], "exam": [14]}
    assert load_course().entry("project").last_week == 13


def test_every_link_has_a_twin_that_leads_somewhere() -> None:
    """Beside each outside link stands a page of the site, with a sentence on what one can do there."""
    course = load_course()
    for week in course.weeks:
        for link in week.links:
            href = week.twin_href(link)
            assert re.fullmatch(r"/(labs/[a-z0-9-]+|weeks/\d+|records|capstone|race)", href)
            if href.startswith("/labs/"):
                assert href.removeprefix("/labs/") in course.labs
            assert link.twin.adds.endswith(".")
        assert 2 <= len(week.aims) <= 4


def test_week_one_begins_with_the_playground() -> None:
    """Numbers from Specs beside the lesson, the playground in its place."""
    course = load_course()
    assert course.week(1).labs[0] == "playground"
    assert "::lab{playground}" in course.lessons[1]
    assert len(course.lesson_specs[1]) >= 5
    assert all(load_spec(tree).kind == "descent" for tree in course.lesson_specs[1].values())
