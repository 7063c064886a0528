-- vi: Nhiệm vụ đã quá hạn mà chưa có bài nào báo đã xong, mới quá hạn trước
-- en: Tasks past their deadline that no article reports as done, the latest first
SELECT deadline, days_overdue, who, agencies_today, task, place, document, published, sentence, address
FROM task_board
WHERE state = 'overdue'
    AND ($places IS NULL OR list_contains($places, fold(place)))
    AND ($who IS NULL OR contains(fold(concat_ws(' ', who, agencies_today)), fold($who)))
    AND ($year IS NULL OR year(deadline) = $year)
ORDER BY deadline DESC, place, article_id, record_id
